import { isLoopbackHost } from '../base/loopback.ts';
import type { AwsAccess } from '../model/ports.ts';
import { Sha256 } from './sha256.ts';

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
    sha256: Sha256,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      httpAgent: { keepAlive: true, maxSockets: parallelism },
      httpsAgent: { keepAlive: true, maxSockets: parallelism },
    },
  };
}

// The SDK is loaded when it is needed: commands that ask AWS nothing do not pay for it.

/** Without retries: throttles are the caller's to see, who paces its calls. */
export async function xrayClient(access: AwsAccess, parallelism: number) {
  const { XRayClient } = await import('@aws-sdk/client-xray');
  const { makeLean } = await import('./lean-xray.ts');
  const client = new XRayClient({ ...clientOptions(access, parallelism), maxAttempts: 1 });
  await makeLean(client, isLoopback(access));
  return client;
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

export async function stsClient(access: AwsAccess, parallelism: number) {
  const { STSClient } = await import('@aws-sdk/client-sts');
  return new STSClient(clientOptions(access, parallelism));
}

export async function cloudFormationClient(access: AwsAccess, parallelism: number) {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  return new CloudFormationClient(clientOptions(access, parallelism));
}

export async function s3Client(access: AwsAccess, parallelism: number) {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client(clientOptions(access, parallelism));
}

export async function secretsClient(access: AwsAccess, parallelism: number) {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  return new SecretsManagerClient(clientOptions(access, parallelism));
}

export async function dynamoClient(access: AwsAccess, parallelism: number) {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  return new DynamoDBClient(clientOptions(access, parallelism));
}

/** Whether the endpoint is on this machine: the emulator, whose telemetry is complete when asked for. */
export function isLoopback(access: AwsAccess): boolean {
  if (access.endpoint === null) return false;
  return isLoopbackHost(new URL(access.endpoint).hostname);
}
