import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { ToolError } from '../../base/errors.ts';
import type { ProvisionedState } from '../types.ts';
import {
  aliasNotFound,
  answered,
  arnOf,
  functionNotFound,
  invalidValue,
  type LambdaCall,
  lambdaInput,
  lambdaInvalid,
  listed,
} from './lambda-call.ts';
import { type ServiceAnswer, ServiceError } from './wire.ts';

const reservedInput = z.object({ ReservedConcurrentExecutions: z.int().min(0) });
const provisionedInput = z.object({ ProvisionedConcurrentExecutions: z.int().min(1) });
const MOST_CONFIGS = 50;

/** PutFunctionConcurrency */
export function putReserved(call: LambdaCall): ServiceAnswer {
  const { ReservedConcurrentExecutions: reserved } = lambdaInput(reservedInput, call);
  call.backing.functions.reserveConcurrency(call.name, reserved);
  return answered({ ReservedConcurrentExecutions: reserved });
}

/** GetFunctionConcurrency */
export function getReserved(call: LambdaCall): ServiceAnswer {
  return answered(reservedMembers(call));
}

/** Also what GetFunction says of it. */
export function reservedMembers({ backing, name }: LambdaCall): Record<string, number> {
  const { reserved } = backing.functions.concurrency(name);
  return reserved === null ? {} : { ReservedConcurrentExecutions: reserved };
}

/** DeleteFunctionConcurrency */
export function deleteReserved({ backing, name }: LambdaCall): ServiceAnswer {
  backing.functions.reserveConcurrency(name, null);
  return { status: 204, body: null };
}

/** PutProvisionedConcurrencyConfig: answered before the environments are ready. */
export async function putProvisioned(call: LambdaCall): Promise<ServiceAnswer> {
  const qualifier = publishedQualifier(
    call,
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  );
  const { ProvisionedConcurrentExecutions: asked } = lambdaInput(provisionedInput, call);
  await provision(call, asked, qualifier);
  return answered(provisionedMembers(stateOf(call, qualifier)), 202);
}

/** GetProvisionedConcurrencyConfig */
export function getProvisioned(call: LambdaCall): ServiceAnswer {
  return answered(
    provisionedMembers(stateOf(call, publishedQualifier(call, NEITHER_ALIAS_NOR_VERSION))),
  );
}

/** DeleteProvisionedConcurrencyConfig, whether there is one or not. */
export async function deleteProvisioned(call: LambdaCall): Promise<ServiceAnswer> {
  await provision(call, 0, publishedQualifier(call, NEITHER_ALIAS_NOR_VERSION));
  return { status: 204, body: null };
}

/** ListProvisionedConcurrencyConfigs */
export function listProvisioned(call: LambdaCall): ServiceAnswer {
  const { backing, name } = call;
  const all = backing.functions
    .provisionedConfigs(name)
    .filter(({ qualifier }) => qualifier !== '$LATEST');
  const { items, next } = listed(all, call, MOST_CONFIGS);
  return answered({
    ProvisionedConcurrencyConfigs: items.map(({ qualifier, state }) => ({
      FunctionArn: arnOf(backing, name, qualifier),
      ...provisionedMembers(state),
    })),
    ...next,
  });
}

const NEITHER_ALIAS_NOR_VERSION =
  'The function resource provided must be an alias or a published version.';

/** Lambda provisions for aliases and published versions only. */
function publishedQualifier({ backing, name, qualifier }: LambdaCall, refusal: string): string {
  if (qualifier === null) {
    throw lambdaInvalid(
      'ValidationException',
      "1 validation error detected: Value null at 'qualifier' failed to satisfy constraint: Member must not be null",
    );
  }
  if (qualifier === '$LATEST') throw invalidValue(refusal);
  if (backing.functions.configuration(name, qualifier) === undefined) {
    throw /^\d+$/.test(qualifier)
      ? functionNotFound(backing, name, qualifier)
      : aliasNotFound(backing, name, qualifier);
  }
  return qualifier;
}

/** Throws what is refused at once; what does not initialise is told by the state. */
async function provision({ backing, name }: LambdaCall, count: number, qualifier: string) {
  const ready = backing.functions.provisionConcurrency(name, count, qualifier);
  ready.catch(() => {});
  try {
    await Promise.race([ready, nextTurn()]);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
}

function stateOf({ backing, name }: LambdaCall, qualifier: string): ProvisionedState {
  const { provisioned } = backing.functions.concurrency(name, qualifier);
  if (provisioned !== null) return provisioned;
  throw new ServiceError(
    404,
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    { Type: 'User' },
  );
}

function provisionedMembers(state: ProvisionedState): Record<string, unknown> {
  return {
    RequestedProvisionedConcurrentExecutions: state.requested,
    AvailableProvisionedConcurrentExecutions: state.available,
    AllocatedProvisionedConcurrentExecutions: state.available,
    Status: state.status,
    ...(state.reason === null ? {} : { StatusReason: state.reason }),
    LastModified: state.lastModified,
  };
}
