import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetTracesCommand,
  GetTraceSegmentDestinationCommand,
  XRayClient,
} from '@aws-sdk/client-xray';
import { cbor, dateToTag } from '@smithy/core/cbor';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sha256 } from '../../aws/sha256.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';

let tested: TestEmulator;
let options: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
};
let xray: XRayClient;
let logs: CloudWatchLogsClient;
let cloudWatch: CloudWatchClient;
const roots: string[] = [];

beforeAll(async () => {
  tested = await startTestEmulator();
  const { region, awsEndpoint: endpoint, credentials } = tested.emulator;
  options = { region, endpoint, credentials, maxAttempts: 1 };
  xray = new XRayClient(options);
  logs = new CloudWatchLogsClient(options);
  cloudWatch = new CloudWatchClient(options);
  const front = await tested.emulator.addFront('rest-api', 'f');
  for (let i = 0; i < 7; i += 1) {
    const response = await fetch(front.url, { method: 'POST', body: '{}' });
    await response.text();
    roots.push(/Root=([^;]+)/.exec(response.headers.get('x-amzn-trace-id') ?? '')?.[1] ?? '');
  }
  await tested.emulator.settle();
});
afterAll(() => tested.close());

test('X-Ray gives whole traces and says which it does not have', async () => {
  const unknown = '1-5e66d96f-000000000000000000000000';
  const { Traces, UnprocessedTraceIds } = await xray.send(
    new BatchGetTracesCommand({ TraceIds: [...roots.slice(0, 4), unknown] }),
  );
  expect(Traces?.map(({ Id }) => Id)).toEqual(roots.slice(0, 4));
  expect(UnprocessedTraceIds).toEqual([unknown]);
  const documents = Traces?.[0]?.Segments?.map(({ Document }) => JSON.parse(Document ?? ''));
  expect(documents?.map(({ origin }) => origin)).toEqual([
    'AWS::ApiGateway::Stage',
    'AWS::Lambda',
    'AWS::Lambda::Function',
    'AWS::DynamoDB::Table',
  ]);
  expect(documents?.[2].subsegments.map(({ name }: { name: string }) => name)).toEqual([
    'Initialization',
    'Invocation',
    'Overhead',
  ]);
  expect(documents?.[2].subsegments[1].subsegments[0].name).toBe('DynamoDB');
  const destination = await xray.send(new GetTraceSegmentDestinationCommand({}));
  expect(destination.Destination).toBe('XRay');
});

test('X-Ray refuses six ids and what is no id', async () => {
  const six = xray.send(new BatchGetTracesCommand({ TraceIds: roots.slice(0, 6) }));
  await expect(six).rejects.toMatchObject({ name: 'InvalidRequestException' });
  const wrong = xray.send(new BatchGetTracesCommand({ TraceIds: ['1-x'] }));
  await expect(wrong).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
});

test('a throttled request leaves a segment of the service alone', async () => {
  const root = '1-5e66d96f-222222222222222222222222';
  const front = await tested.emulator.addFront('http-api', 'f');
  const { behave } = tested.host;
  tested.host.behave = async () => 'refused';
  await fetch(front.url, { headers: { 'x-amzn-trace-id': `Root=${root};Sampled=1` } });
  tested.host.behave = behave;
  await tested.emulator.settle();
  const { Traces } = await xray.send(new BatchGetTracesCommand({ TraceIds: [root] }));
  const documents = Traces?.[0]?.Segments?.map(({ Document }) => JSON.parse(Document ?? ''));
  expect(documents).toHaveLength(1);
  expect(documents?.[0]).toMatchObject({
    origin: 'AWS::Lambda',
    http: { response: { status: 429 } },
    throttle: true,
  });
  expect(documents?.[0]).not.toHaveProperty('parent_id');
});

test('an unsampled request leaves a log and no trace', async () => {
  const root = '1-5e66d96f-111111111111111111111111';
  const front = await tested.emulator.addFront('function-url', 'f');
  await fetch(front.url, { headers: { 'x-amzn-trace-id': `Root=${root};Sampled=0` } });
  await tested.emulator.settle();
  const { UnprocessedTraceIds } = await xray.send(new BatchGetTracesCommand({ TraceIds: [root] }));
  expect(UnprocessedTraceIds).toEqual([root]);
  const { events } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', filterPattern: root }),
  );
  expect(events?.[0]?.message).toContain('Sampled: false');
});

test('Logs gives ordered pages that can be filtered', async () => {
  const logGroupName = '/aws/lambda/f';
  const messages: string[] = [];
  const ids = new Set<string | undefined>();
  let before = 0;
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 5, nextToken }));
    expect(page.events?.length).toBeLessThanOrEqual(5);
    for (const { timestamp = 0, message = '', eventId } of page.events ?? []) {
      expect(timestamp).toBeGreaterThanOrEqual(before);
      before = timestamp;
      messages.push(message);
      ids.add(eventId);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(ids.size).toBe(messages.length);
  expect(messages.slice(0, 4).map((message) => message.split(' ')[0])).toEqual([
    'START',
    'hello\n',
    'END',
    'REPORT',
  ]);
  const reports = await logs.send(
    new FilterLogEventsCommand({ logGroupName, filterPattern: '"REPORT RequestId"' }),
  );
  expect(reports.events?.length).toBe(messages.filter((each) => each.startsWith('REPORT')).length);
  const last = reports.events?.at(-1)?.timestamp ?? 0;
  const later = await logs.send(
    new FilterLogEventsCommand({ logGroupName, startTime: last + 1000, endTime: last + 2000 }),
  );
  expect(later.events).toEqual([]);
});

test('Logs refuses a group and a token that are not there', async () => {
  const nowhere = logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/none' }));
  await expect(nowhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const token = logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', nextToken: 'W10' }),
  );
  await expect(token).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

function queries(period: number): MetricDataQuery[] {
  const stat = (namespace: string, metric: string, dimensions: Record<string, string>) => ({
    Metric: {
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: period,
    Stat: 'Sum',
  });
  return [
    { Id: 'a', MetricStat: stat('AWS/Lambda', 'Invocations', { FunctionName: 'f' }) },
    { Id: 'b', MetricStat: stat('AWS/ApiGateway', 'Count', { ApiName: 'f-api', Stage: 'bench' }) },
    { Id: 'c', MetricStat: stat('AWS/Lambda', 'Invocations', { FunctionName: 'nobody' }) },
  ];
}
const window = () => ({
  StartTime: new Date(Date.now() - 600_000),
  EndTime: new Date(Date.now() + 60_000),
});
const sum = (values: number[] = []) => values.reduce((total, value) => total + value, 0);

test('CloudWatch gives metrics, paged', async () => {
  const { MetricDataResults: all } = await cloudWatch.send(
    new GetMetricDataCommand({ ...window(), MetricDataQueries: queries(1) }),
  );
  expect(all?.map(({ StatusCode }) => StatusCode)).toEqual(['Complete', 'Complete', 'Complete']);
  expect(sum(all?.[0]?.Values)).toBeGreaterThanOrEqual(7);
  expect(sum(all?.[1]?.Values)).toBe(7);
  expect(all?.[0]?.Timestamps?.[0]).toBeInstanceOf(Date);
  expect(all?.[2]?.Values).toEqual([]);
  const paged: Record<string, number> = { a: 0, b: 0 };
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        ...window(),
        MetricDataQueries: queries(1),
        MaxDatapoints: 1,
        NextToken,
      }),
    );
    for (const { Id = '', Values } of page.MetricDataResults ?? []) {
      paged[Id] = (paged[Id] ?? 0) + sum(Values);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(paged.b).toBe(7);
  expect(paged.a).toBe(sum(all?.[0]?.Values));
});

test('CloudWatch has an HTTP API by its id, with names of its own for the errors', async () => {
  const http = await tested.emulator.addFront('http-api', 'f');
  const send = () => fetch(http.url, { method: 'POST', body: '{}' }).then((r) => r.text());
  await send();
  const { behave } = tested.host;
  tested.host.behave = async () => ({ errorType: 'Error' });
  await send();
  tested.host.behave = behave;
  const Dimensions = Object.entries(http.frontDimensions ?? {}).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  expect(Dimensions).toEqual([{ Name: 'ApiId', Value: http.apiId }]);
  const names = ['Count', '4xx', '5xx', 'Latency', 'IntegrationLatency', '5XXError'];
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      ...window(),
      MetricDataQueries: names.map((MetricName, i) => ({
        Id: `m${i}`,
        MetricStat: {
          Metric: { Namespace: 'AWS/ApiGateway', MetricName, Dimensions },
          Period: 60,
          Stat: i < 3 ? 'Sum' : 'SampleCount',
        },
      })),
    }),
  );
  expect(MetricDataResults?.map(({ Values }) => sum(Values))).toEqual([2, 0, 1, 2, 2, 0]);
});

async function sendCbor(operation: string, body: object): Promise<Response> {
  const { hostname, port } = new URL(options.endpoint);
  const signer = new SignatureV4({ ...options, service: 'monitoring', sha256: Sha256 });
  const path = `/service/GraniteServiceVersion20100801/operation/${operation}`;
  const bytes = cbor.serialize(body);
  const signed = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    path,
    headers: {
      host: `${hostname}:${port}`,
      'smithy-protocol': 'rpc-v2-cbor',
      'content-type': 'application/cbor',
      accept: 'application/cbor',
    },
    body: bytes,
  });
  return fetch(`${options.endpoint}${path}`, {
    method: 'POST',
    headers: signed.headers,
    body: Buffer.from(bytes),
  });
}

test('CloudWatch speaks CBOR as well', async () => {
  const { StartTime, EndTime } = window();
  const response = await sendCbor('GetMetricData', {
    StartTime: dateToTag(StartTime),
    EndTime: dateToTag(EndTime),
    MetricDataQueries: queries(60),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
  const decoded = cbor.deserialize(new Uint8Array(await response.arrayBuffer()));
  const [, count] = decoded.MetricDataResults;
  expect(sum(count.Values)).toBe(7);
  expect(count.Timestamps[0]).toMatchObject({ tag: 1 });
  const unknown = await sendCbor('DescribeAlarms', {});
  expect(unknown.status).toBe(404);
  const error = cbor.deserialize(new Uint8Array(await unknown.arrayBuffer()));
  expect(error.__type).toBe('UnknownOperationException');
});
