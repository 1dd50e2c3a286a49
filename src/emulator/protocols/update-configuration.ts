import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { FunctionChange, FunctionConfiguration } from '../types.ts';
import { describe } from './functions.ts';
import { answered, invalidValue, type LambdaCall, lambdaInput } from './lambda-call.ts';
import { type ServiceAnswer, ServiceError } from './wire.ts';

const schema = z.looseObject({
  Description: z.string().max(256).nullish(),
  MemorySize: z.int().min(128).max(10_240).nullish(),
  Timeout: z.int().min(1).max(900).nullish(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).nullish() }).nullish(),
  LoggingConfig: z
    .looseObject({ LogFormat: z.enum(['JSON', 'Text']).nullish(), LogGroup: z.string().nullish() })
    .nullish(),
  RevisionId: z.string().nullish(),
});

/**
 * UpdateFunctionConfiguration. What cannot be changed here is refused rather than ignored, unless it is
 * so already.
 */
export async function updateFunctionConfiguration(call: LambdaCall): Promise<ServiceAnswer> {
  const { backing, name } = call;
  const before = backing.functions.configuration(name) as FunctionConfiguration;
  const { Description, MemorySize, Timeout, Environment, LoggingConfig, RevisionId, ...others } =
    lambdaInput(schema, call);
  if (typeof RevisionId === 'string' && RevisionId !== before.revisionId) {
    throw new ServiceError(
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      { Type: 'User' },
    );
  }
  const described = describe(backing, before, null);
  for (const [member, value] of Object.entries(others)) {
    const same = Object.hasOwn(described, member) && isDeepStrictEqual(described[member], value);
    if (value !== null && !same) throw invalidValue(`${member} cannot be changed here.`);
  }
  if (LoggingConfig?.LogGroup && LoggingConfig.LogGroup !== before.logGroup) {
    throw invalidValue('LoggingConfig.LogGroup cannot be changed here.');
  }
  const change: FunctionChange = {};
  if (typeof Description === 'string') change.description = Description;
  if (typeof MemorySize === 'number') change.memoryMb = MemorySize;
  if (typeof Timeout === 'number') change.timeoutS = Timeout;
  if (Environment?.Variables) change.environment = Environment.Variables;
  if (LoggingConfig?.LogFormat) change.logFormat = LoggingConfig.LogFormat;
  return answered(describe(backing, await backing.functions.update(name, change), null));
}
