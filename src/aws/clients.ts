import type { AwsAccess } from '../model/ports.ts';

/**
 * Options of every SDK client: the SDK's own retries (exponential back-off with jitter on throttling,
 * 5xx and network errors), and as many connections as there are calls at once.
 */
function clientOptions(access: AwsAccess, parallelism: number) {
  return {
    region: access.region,
    ...(access.endpoint === null ? {} : { endpoint: access.endpoint }),
    ...(access.credentials === null ? {} : { credentials: access.credentials }),
    retryMode: 'standard',
    maxAttempts: 8,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      httpAgent: { keepAlive: true, maxSockets: parallelism },
      httpsAgent: { keepAlive: true, maxSockets: parallelism },
    },
  };
}

// The SDK is loaded when it is needed: commands that ask AWS nothing do not pay for it.

export async function xrayClient(access: AwsAccess, parallelism: number) {
  const { XRayClient } = await import('@aws-sdk/client-xray');
  return new XRayClient(clientOptions(access, parallelism));
}

export async function logsClient(access: AwsAccess, parallelism: number) {
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  return new CloudWatchLogsClient(clientOptions(access, parallelism));
}

export async function cloudWatchClient(access: AwsAccess, parallelism: number) {
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  return new CloudWatchClient(clientOptions(access, parallelism));
}

export async function lambdaClient(access: AwsAccess, parallelism: number) {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  return new LambdaClient(clientOptions(access, parallelism));
}

/** Whether the endpoint is on this machine: the emulator, whose telemetry is complete when asked for. */
export function isLoopback(access: AwsAccess): boolean {
  if (access.endpoint === null) return false;
  const { hostname } = new URL(access.endpoint);
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
}
