import { type FunctionConfiguration, LATEST } from '../types.ts';
import type { Backing } from './backing.ts';
import { reservedMembers } from './concurrency.ts';
import {
  answered,
  arnOf,
  configurationOf,
  invalidValue,
  type LambdaCall,
  listed,
} from './lambda-call.ts';
import type { ServiceAnswer } from './wire.ts';

/** GetFunction */
export function getFunction(call: LambdaCall): ServiceAnswer {
  const configuration = configurationOf(call);
  const concurrency = reservedMembers(call);
  return answered({
    Configuration: describe(call.backing, configuration, call.qualifier),
    Code: { RepositoryType: 'S3', Location: `file://${configuration.codeFolder}` },
    Tags: {},
    ...(Object.keys(concurrency).length === 0 ? {} : { Concurrency: concurrency }),
  });
}

/** GetFunctionConfiguration */
export function getFunctionConfiguration(call: LambdaCall): ServiceAnswer {
  return answered(describe(call.backing, configurationOf(call), call.qualifier));
}

/** ListFunctions: `$LATEST` of each, or with FunctionVersion=ALL every version, by name. */
export function listFunctions(call: Pick<LambdaCall, 'backing' | 'request'>): ServiceAnswer {
  const { functions } = call.backing;
  const which = call.request.query.get('FunctionVersion');
  if (which !== null && which !== 'ALL') {
    throw invalidValue(
      `Value '${which.slice(0, 100)}' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]`,
    );
  }
  const all = functions
    .functionNames()
    .flatMap((name) => functions.versions(name).slice(0, which === 'ALL' ? undefined : 1));
  const { items, next } = listed(all, call);
  const qualifier = (version: string) => (which === 'ALL' ? version : null);
  return answered({
    Functions: items.map((each) => listedMembers(call.backing, each, qualifier(each.version))),
    ...next,
  });
}

/** A configuration in lists: without its states. */
export function listedMembers(
  backing: Backing,
  configuration: FunctionConfiguration,
  qualifier: string | null,
): Record<string, unknown> {
  const { State, LastUpdateStatus, ...rest } = describe(backing, configuration, qualifier);
  return rest;
}

/**
 * A configuration as all operations give it.
 * @param qualifier what its ARN is to end in
 */
export function describe(
  backing: Backing,
  configuration: FunctionConfiguration,
  qualifier: string | null,
): Record<string, unknown> {
  const { file, exportName } = configuration.handler;
  const module = file.replace(/\.[^./]+$/, '');
  const version = configuration.version === LATEST ? null : configuration.version;
  return {
    FunctionName: configuration.name,
    FunctionArn: arnOf(backing, configuration.name, qualifier ?? version),
    Runtime: configuration.runtime,
    Role: `arn:aws:iam::${backing.accountId}:role/${configuration.name}`,
    Handler: exportName === '' ? module : `${module}.${exportName}`,
    CodeSize: configuration.codeBytes,
    CodeSha256: configuration.codeSha256,
    Description: configuration.description,
    Timeout: configuration.timeoutS,
    MemorySize: configuration.memoryMb,
    LastModified: configuration.lastModified,
    Version: configuration.version,
    Environment: { Variables: configuration.environment },
    TracingConfig: { Mode: 'Active' },
    RevisionId: configuration.revisionId,
    State: 'Active',
    LastUpdateStatus: configuration.lastUpdateStatus,
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: loggingConfig(configuration),
  };
}

/** Levels are of the JSON format only. */
function loggingConfig({ logFormat, logGroup }: FunctionConfiguration): Record<string, string> {
  return logFormat === 'JSON'
    ? {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
        LogGroup: logGroup,
      }
    : { LogFormat: 'Text', LogGroup: logGroup };
}
