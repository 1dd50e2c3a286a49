import { z } from 'zod';
import type { FunctionAlias } from '../types.ts';
import {
  aliasNotFound,
  answered,
  invalidValue,
  type LambdaCall,
  lambdaInput,
  listed,
} from './lambda-call.ts';
import type { ServiceAnswer } from './wire.ts';

const version = z.string().min(1).max(1024);
const members = {
  Description: z.string().max(256).nullish(),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: z.record(z.string(), z.number().min(0).max(1)).nullish() })
    .nullish(),
};
const createSchema = z.object({
  ...members,
  Name: z.string().min(1).max(128),
  FunctionVersion: version,
});
const updateSchema = z.object({
  ...members,
  FunctionVersion: version.nullish(),
  RevisionId: z.string().nullish(),
});

/** CreateAlias */
export function createAlias(call: LambdaCall): ServiceAnswer {
  const input = lambdaInput(createSchema, call);
  const alias = call.backing.functions.createAlias(call.name, {
    name: input.Name,
    functionVersion: input.FunctionVersion,
    description: input.Description ?? '',
    routing: routingOf(input.RoutingConfig),
  });
  return answered(described(alias), 201);
}

/** GetAlias */
export function getAlias(call: LambdaCall): ServiceAnswer {
  const { backing, name, part } = call;
  const alias = backing.functions.aliases(name).find((each) => each.name === part);
  if (alias === undefined) throw aliasNotFound(backing, name, part ?? '');
  return answered(described(alias));
}

/** UpdateAlias: an empty RoutingConfig ends the sharing between versions. */
export function updateAlias(call: LambdaCall): ServiceAnswer {
  const input = lambdaInput(updateSchema, call);
  const { FunctionVersion, Description, RoutingConfig, RevisionId } = input;
  const alias = call.backing.functions.updateAlias(call.name, call.part ?? '', {
    ...(typeof FunctionVersion === 'string' ? { functionVersion: FunctionVersion } : {}),
    ...(typeof Description === 'string' ? { description: Description } : {}),
    ...(RoutingConfig ? { routing: routingOf(RoutingConfig) } : {}),
    ...(typeof RevisionId === 'string' ? { revisionId: RevisionId } : {}),
  });
  return answered(described(alias));
}

/** DeleteAlias, whether there is one or not. */
export function deleteAlias(call: LambdaCall): ServiceAnswer {
  call.backing.functions.deleteAlias(call.name, call.part ?? '');
  return { status: 204, body: null };
}

/** ListAliases, of one version where FunctionVersion names it. */
export function listAliases(call: LambdaCall): ServiceAnswer {
  const version = call.request.query.get('FunctionVersion');
  const all = call.backing.functions
    .aliases(call.name)
    .filter(({ functionVersion }) => version === null || functionVersion === version);
  const { items, next } = listed(all, call);
  return answered({ Aliases: items.map(described), ...next });
}

function described(alias: FunctionAlias): Record<string, unknown> {
  const { routing } = alias;
  return {
    AliasArn: alias.arn,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(routing === null
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [routing.version]: routing.share } } }),
  };
}

function routingOf(
  config: z.infer<typeof members.RoutingConfig> | undefined,
): FunctionAlias['routing'] {
  const weights = Object.entries(config?.AdditionalVersionWeights ?? {});
  if (weights.length > 1) {
    throw invalidValue('Number of items in AdditionalVersionWeights cannot be greater than 1');
  }
  const [first] = weights;
  return first === undefined ? null : { version: first[0], share: first[1] };
}
