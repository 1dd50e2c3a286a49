import { z } from 'zod';
import { messageOf, UsageError } from '../../base/errors.ts';
import type { FunctionConfiguration, FunctionSpec } from '../types.ts';
import type { Backing } from './backing.ts';
import { parseFunctionName } from './function-name.ts';
import { invokeFunction } from './invoke.ts';
import {
  decode,
  type ServiceAnswer,
  ServiceError,
  type ServiceRequest,
  unknownOperation,
} from './wire.ts';

const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/]+)(\/invocations|\/configuration)?$/;

const updateInput = z.object({
  MemorySize: z.int().min(128).max(10_240).nullish(),
  Timeout: z.int().min(1).max(900).nullish(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).nullish() }).nullish(),
  RevisionId: z.string().nullish(),
});

/** Lambda: Invoke, GetFunction, GetFunctionConfiguration, UpdateFunctionConfiguration. */
export async function lambda(backing: Backing, request: ServiceRequest): Promise<ServiceAnswer> {
  const match = FUNCTION_PATH.exec(request.path);
  if (match === null) throw unknownOperation();
  const operation = `${request.method} ${match[2] ?? ''}`;
  if (!OPERATIONS.has(operation)) throw unknownOperation();
  const configuration = configurationOf(backing, match[1] as string, request);
  switch (operation) {
    case 'POST /invocations':
      return invokeFunction(backing, configuration, request);
    case 'PUT /configuration':
      return {
        status: 200,
        body: describe(backing, await update(backing, configuration, request)),
      };
    case 'GET /configuration':
      return { status: 200, body: describe(backing, configuration) };
    default:
      return {
        status: 200,
        body: {
          Configuration: describe(backing, configuration),
          Code: { RepositoryType: 'S3', Location: `file://${configuration.codeFolder}` },
          Tags: {},
        },
      };
  }
}

const OPERATIONS = new Set([
  'POST /invocations',
  'PUT /configuration',
  'GET /configuration',
  'GET ',
]);

function configurationOf(
  backing: Backing,
  encoded: string,
  request: ServiceRequest,
): FunctionConfiguration {
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
  return configuration;
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
