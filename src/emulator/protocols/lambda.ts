import { z } from 'zod';
import { messageOf, UsageError } from '../../base/errors.ts';
import type { FunctionConfiguration, FunctionSpec } from '../types.ts';
import type { Backing } from './backing.ts';
import {
  deleteProvisioned,
  deleteReserved,
  describeReserved,
  getProvisioned,
  putProvisioned,
  putReserved,
} from './concurrency.ts';
import { parseFunctionName } from './function-name.ts';
import { invokeFunction } from './invoke.ts';
import {
  decode,
  type ServiceAnswer,
  ServiceError,
  type ServiceRequest,
  unknownOperation,
} from './wire.ts';

/** Each operation belongs to the version of the API it came with. */
const FUNCTION_PATH = /^\/(\d{4}-\d\d-\d\d)\/functions\/([^/]+)(\/[a-z-]+)?$/;

const updateInput = z.object({
  MemorySize: z.int().min(128).max(10_240).nullish(),
  Timeout: z.int().min(1).max(900).nullish(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).nullish() }).nullish(),
  RevisionId: z.string().nullish(),
});

/** Lambda: Invoke, functions and their configuration, reserved and provisioned concurrency. */
export async function lambda(backing: Backing, request: ServiceRequest): Promise<ServiceAnswer> {
  const match = FUNCTION_PATH.exec(request.path);
  if (match === null) throw unknownOperation();
  const operation = OPERATIONS[`${request.method} ${match[1]}${match[3] ?? ''}`];
  if (operation === undefined) throw unknownOperation();
  const { configuration, qualifier } = functionOf(backing, match[2] as string, request);
  return operation(backing, configuration, qualifier, request);
}

type Operation = (
  backing: Backing,
  configuration: FunctionConfiguration,
  qualifier: string | null,
  request: ServiceRequest,
) => ServiceAnswer | Promise<ServiceAnswer>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST 2015-03-31/invocations': (backing, configuration, _, request) =>
    invokeFunction(backing, configuration, request),
  'GET 2015-03-31': getFunction,
  'GET 2015-03-31/configuration': (backing, configuration) =>
    answered(describe(backing, configuration)),
  'PUT 2015-03-31/configuration': async (backing, configuration, _, request) =>
    answered(describe(backing, await update(backing, configuration, request))),
  'PUT 2017-10-31/concurrency': (backing, configuration, _, request) =>
    putReserved(backing, configuration, request),
  'GET 2019-09-30/concurrency': (backing, configuration) =>
    answered(describeReserved(backing, configuration)),
  'DELETE 2017-10-31/concurrency': deleteReserved,
  'PUT 2019-09-30/provisioned-concurrency': putProvisioned,
  'GET 2019-09-30/provisioned-concurrency': getProvisioned,
  'DELETE 2019-09-30/provisioned-concurrency': deleteProvisioned,
};

function answered(body: Record<string, unknown>): ServiceAnswer {
  return { status: 200, body };
}

function getFunction(backing: Backing, configuration: FunctionConfiguration): ServiceAnswer {
  const concurrency = describeReserved(backing, configuration);
  return answered({
    Configuration: describe(backing, configuration),
    Code: { RepositoryType: 'S3', Location: `file://${configuration.codeFolder}` },
    Tags: {},
    ...(Object.keys(concurrency).length === 0 ? {} : { Concurrency: concurrency }),
  });
}

function functionOf(
  backing: Backing,
  encoded: string,
  request: ServiceRequest,
): { configuration: FunctionConfiguration; qualifier: string | null } {
  const reference = parseFunctionName(encoded);
  if (reference === null) {
    throw new ServiceError(400, 'ValidationException', `FunctionName is not valid: ${encoded}`, {
      Type: 'User',
    });
  }
  const qualifier = request.query.get('Qualifier') ?? reference.qualifier;
  const configuration = backing.functions.configuration(reference.name);
  // Aliases and versions come with an issue of their own: any name stands for $LATEST.
  if (configuration === undefined) {
    const suffix = qualifier === null ? '' : `:${qualifier}`;
    throw new ServiceError(
      404,
      'ResourceNotFoundException',
      `Function not found: arn:aws:lambda:${backing.region}:${backing.accountId}:function:${reference.name}${suffix}`,
      { Type: 'User' },
    );
  }
  return { configuration, qualifier };
}

async function update(
  backing: Backing,
  configuration: FunctionConfiguration,
  request: ServiceRequest,
): Promise<FunctionConfiguration> {
  const input = updateInput.safeParse(decode('rest-json', request.body));
  if (!input.success) {
    throw new ServiceError(400, 'ValidationException', z.prettifyError(input.error), {
      Type: 'User',
    });
  }
  const { MemorySize, Timeout, Environment, RevisionId } = input.data;
  if (typeof RevisionId === 'string' && RevisionId !== configuration.revisionId) {
    throw new ServiceError(
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      { Type: 'User' },
    );
  }
  const change: Partial<Pick<FunctionSpec, 'memoryMb' | 'timeoutS' | 'environment'>> = {};
  if (typeof MemorySize === 'number') change.memoryMb = MemorySize;
  if (typeof Timeout === 'number') change.timeoutS = Timeout;
  if (Environment?.Variables) change.environment = Environment.Variables;
  try {
    return await backing.functions.update(configuration.name, change);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new ServiceError(400, 'InvalidParameterValueException', messageOf(error), {
      Type: 'User',
    });
  }
}

function describe(backing: Backing, configuration: FunctionConfiguration): Record<string, unknown> {
  const { file, exportName } = configuration.handler;
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.arn,
    Runtime: configuration.runtime,
    Role: `arn:aws:iam::${backing.accountId}:role/${configuration.name}`,
    Handler: `${file.replace(/\.[^./]+$/, '')}.${exportName}`,
    CodeSize: 0,
    Description: '',
    Timeout: configuration.timeoutS,
    MemorySize: configuration.memoryMb,
    LastModified: configuration.lastModified,
    Version: '$LATEST',
    Environment: { Variables: configuration.environment },
    TracingConfig: { Mode: 'Active' },
    RevisionId: configuration.revisionId,
    State: 'Active',
    LastUpdateStatus: configuration.lastUpdateStatus,
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroup },
  };
}
