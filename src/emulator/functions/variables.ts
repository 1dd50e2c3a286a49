import type { FunctionConfiguration, FunctionHostOptions } from '../types.ts';
import type { InitializationType } from './quota.ts';

/** Folders and names of one environment. */
export interface EnvironmentPlace {
  runtimeApi: string;
  taskRoot: string;
  /** Writable, its own: HOME and TMPDIR. */
  home: string;
  logStream: string;
  initialization: InitializationType;
}

/**
 * An environment's variables, built from nothing: defaults, then the user's, then what must not be
 * changed. Nothing of this process's environment gets in, so no credentials of the user's can.
 */
export function environmentVariables(
  configuration: FunctionConfiguration,
  place: EnvironmentPlace,
  options: FunctionHostOptions,
): Record<string, string> {
  const { runtime, handler } = configuration;
  const nodejs = runtime.startsWith('nodejs');
  const [xrayHost, xrayPort] = options.xrayDaemonAddress.split(':');
  const name = handler.file.replace(/\.[cm]?js$/, '');
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...(configuration.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_LEVEL: 'INFO' } : {}),
    ...configuration.environment,
    HOME: place.home,
    TMPDIR: place.home,
    LAMBDA_TASK_ROOT: place.taskRoot,
    LAMBDA_RUNTIME_DIR: place.taskRoot,
    _HANDLER: handler.exportName === '' ? name : `${name}.${handler.exportName}`,
    ...(nodejs
      ? {
          AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
          // The exact file; removed before the handler is loaded.
          _BENCH_HANDLER_FILE: handler.file,
          _BENCH_HANDLER_EXPORT: handler.exportName,
        }
      : {}),
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: place.initialization,
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    AWS_ACCESS_KEY_ID: options.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: options.credentials.secretAccessKey,
    AWS_ENDPOINT_URL: options.awsEndpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_XRAY_DAEMON_ADDRESS: options.xrayDaemonAddress,
    _AWS_XRAY_DAEMON_ADDRESS: xrayHost ?? '',
    _AWS_XRAY_DAEMON_PORT: xrayPort ?? '',
  };
}
