import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../src/aws/sha256.ts';
import { FUNCTION_NAME } from './function-name.ts';
import { anyJson, bentJson, mutated, pick, type Random } from './mutate.ts';

/** An operation as a client would ask for it. */
interface Operation {
  service: 'lambda' | 'xray' | 'monitoring' | 'logs';
  method: string;
  path: string;
  query?: Record<string, string>;
  /** Of the protocols that name the operation in a header. */
  target?: string;
  body?: unknown;
}

const F = `functions/${FUNCTION_NAME}`;
const NOW_S = 1_800_000_000;
const logs = (name: string, body: unknown): Operation => ({
  service: 'logs',
  method: 'POST',
  path: '/',
  target: `Logs_20140328.${name}`,
  body,
});
const metrics = (name: string, body: unknown): Operation => ({
  service: 'monitoring',
  method: 'POST',
  path: '/',
  target: `GraniteServiceVersion20100801.${name}`,
  body,
});
const lambda = (method: string, path: string, body?: unknown): Operation => ({
  service: 'lambda',
  method,
  path,
  ...(body === undefined ? {} : { body }),
});
const xray = (path: string, body: unknown): Operation => ({
  service: 'xray',
  method: 'POST',
  path,
  body,
});

const UPDATE = lambda('PUT', `/2015-03-31/${F}/configuration`, { MemorySize: 512, Timeout: 3 });
const GROUP = `/aws/lambda/${FUNCTION_NAME}`;
const OPERATIONS: readonly Operation[] = [
  lambda('POST', `/2015-03-31/${F}/invocations`, { body: '{"statusCode":200}' }),
  lambda('POST', `/2021-11-15/${F}/response-streaming-invocations`, { body: '1' }),
  lambda('GET', `/2015-03-31/${F}`),
  lambda('GET', '/2015-03-31/functions/'),
  lambda('GET', `/2015-03-31/${F}/configuration`),
  lambda('POST', `/2015-03-31/${F}/versions`, { Description: 'd' }),
  lambda('GET', `/2015-03-31/${F}/versions`),
  lambda('POST', `/2015-03-31/${F}/aliases`, { Name: 'live', FunctionVersion: '1' }),
  lambda('PUT', `/2015-03-31/${F}/aliases/live`, { FunctionVersion: '1' }),
  lambda('GET', `/2015-03-31/${F}/aliases`),
  lambda('DELETE', `/2015-03-31/${F}/aliases/live`),
  lambda('GET', `/2019-09-30/${F}/concurrency`),
  lambda('GET', `/2019-09-30/${F}/provisioned-concurrency`),
  lambda('GET', '/2016-08-19/account-settings/'),
  xray('/Traces', { TraceIds: [`1-${NOW_S.toString(16)}-0123456789abcdef01234567`] }),
  xray('/TraceSummaries', {
    StartTime: NOW_S - 60,
    EndTime: NOW_S,
    FilterExpression: 'service("fuzzed") AND (duration > 1 OR http.status = 500)',
  }),
  xray('/TraceSegments', { TraceSegmentDocuments: ['{"id":"0123456789abcdef"}'] }),
  xray('/GetTraceSegmentDestination', {}),
  logs('FilterLogEvents', { logGroupName: GROUP, filterPattern: '?a "b c" -d', limit: 5 }),
  logs('DescribeLogGroups', { logGroupNamePrefix: '/aws' }),
  logs('DescribeLogStreams', { logGroupName: GROUP, orderBy: 'LastEventTime' }),
  logs('GetLogEvents', { logGroupName: GROUP, logStreamName: 's', startFromHead: true }),
  metrics('ListMetrics', { Namespace: 'AWS/Lambda' }),
  metrics('GetMetricStatistics', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Duration',
    Dimensions: [{ Name: 'FunctionName', Value: FUNCTION_NAME }],
    StartTime: NOW_S - 3600,
    EndTime: NOW_S,
    Period: 60,
    Statistics: ['Sum'],
  }),
  metrics('GetMetricData', {
    MetricDataQueries: [
      {
        Id: 'a',
        MetricStat: {
          Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [] },
          Period: 60,
          Stat: 'Sum',
        },
      },
    ],
    StartTime: NOW_S - 3600,
    EndTime: NOW_S,
  }),
];

export interface AwsPlace {
  awsEndpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/**
 * The bytes of a request whose signature is right and whose contents are not: bodies, paths and
 * queries bent after every operation the emulator knows.
 */
export async function signedRequest(random: Random, place: AwsPlace): Promise<Buffer> {
  // An update ends all environments: seldom, or there would be none to send to.
  const operation = random() < 0.002 ? UPDATE : pick(random, OPERATIONS);
  const signer = new SignatureV4({
    service: operation.service,
    region: place.region,
    credentials: place.credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const url = new URL(place.awsEndpoint);
  const body = bodyOf(random, operation);
  const type = contentType(random, operation);
  const signed = await signer.sign({
    method: random() < 0.05 ? pick(random, ['GET', 'PUT', 'DELETE', 'PATCH']) : operation.method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: random() < 0.15 ? bentPath(random, operation.path) : operation.path,
    query:
      random() < 0.3
        ? {
            [pick(random, ['Qualifier', 'Marker', 'MaxItems', 'List', 'x'])]: String(
              anyJson(random),
            ),
          }
        : {},
    headers: {
      host: url.host,
      'content-type': type,
      ...(operation.target === undefined ? {} : { 'x-amz-target': operation.target }),
    },
    body,
  });
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  const head = [
    `${signed.method} ${signed.path}${query === '' ? '' : `?${query}`} HTTP/1.1`,
    ...Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}

function bodyOf(random: Random, { body }: Operation): Buffer {
  if (body === undefined && random() < 0.8) return Buffer.alloc(0);
  const bent = Buffer.from(JSON.stringify(bentJson(random, body ?? {})) ?? '');
  return random() < 0.2 ? mutated(random, bent) : bent;
}

function contentType(random: Random, { target }: Operation): string {
  if (random() < 0.05) return pick(random, ['application/cbor', 'text/plain', 'application/xml']);
  if (target === undefined) return 'application/json';
  return `application/x-amz-json-1.${target.startsWith('Logs') ? 1 : 0}`;
}

/** Stays a path that can be sent: what cannot be is for the raw inputs. */
function bentPath(random: Random, path: string): string {
  const bent = mutated(random, Buffer.from(path)).toString('latin1');
  return `/${bent.replaceAll(/[^\x21-\x7e]|[?#]/g, '')}`;
}
