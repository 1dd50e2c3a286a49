import { z } from 'zod';
import { describe, listedMembers } from './functions.ts';
import { answered, type LambdaCall, lambdaInput, listed } from './lambda-call.ts';
import type { ServiceAnswer } from './wire.ts';

const schema = z.object({
  Description: z.string().max(256).nullish(),
  CodeSha256: z.string().nullish(),
  RevisionId: z.string().nullish(),
});

/** PublishVersion */
export async function publishVersion(call: LambdaCall): Promise<ServiceAnswer> {
  const { Description, CodeSha256, RevisionId } = lambdaInput(schema, call);
  const published = await call.backing.functions.publishVersion(call.name, {
    ...(typeof Description === 'string' ? { description: Description } : {}),
    ...(typeof CodeSha256 === 'string' && CodeSha256 !== '' ? { codeSha256: CodeSha256 } : {}),
    ...(typeof RevisionId === 'string' ? { revisionId: RevisionId } : {}),
  });
  return answered(describe(call.backing, published, published.version), 201);
}

/** ListVersionsByFunction: `$LATEST` first, then the oldest. */
export function listVersions(call: LambdaCall): ServiceAnswer {
  const { items, next } = listed(call.backing.functions.versions(call.name), call);
  return answered({
    Versions: items.map((each) => listedMembers(call.backing, each, each.version)),
    ...next,
  });
}
