import { expect, test } from 'vitest';
import type { GatewayRecord, InvocationRecord } from '../types.ts';
import { assembleTrace } from './assemble-trace.ts';
import type { XRayDocument } from './documents.ts';
import { endLine, reportLine, startLine } from './platform-lines.ts';

const T = 1_700_000_000_000_000;
const ROOT = '1-6553f100-0123456789abcdef01234567';
const OLD = { region: 'us-east-1', accountId: '000000000000', style: 'old' } as const;

const invocation: InvocationRecord = {
  functionName: 'f',
  qualifier: null,
  version: '$LATEST',
  logFormat: 'Text',
  requestId: '0c7e8f2e-1111-4222-8333-444455556666',
  trace: { root: ROOT, parent: 'a2a2a2a2a2a2a2a2', sampled: true },
  serviceSpanId: 'b1b1b1b1b1b1b1b1',
  functionSpanId: 'c1c1c1c1c1c1c1c1',
  invocationSpanId: 'c3c3c3c3c3c3c3c3',
  environment: '2026/11/20/[$LATEST]0123456789abcdef0123456789abcdef',
  memoryMb: 1024,
  maxMemoryMb: 97,
  receivedUs: T + 17_400,
  answeredUs: T + 1_441_900,
  init: { startedUs: T + 391_087, endedUs: T + 1_242_593, billed: true },
  invokedUs: T + 1_243_835,
  respondedUs: T + 1_440_928,
  readyUs: T + 1_441_532,
  durationUs: 197_093,
  billedUs: 1_048_599,
  status: 'success',
  errorType: null,
  httpStatus: 200,
  provisioned: null,
  firstByteUs: T + 1_440_928,
  producedBytes: 2,
};
const gateway: GatewayRecord = {
  trace: { root: ROOT, parent: null, sampled: true },
  segmentId: 'a1a1a1a1a1a1a1a1',
  integrationSpanId: 'a2a2a2a2a2a2a2a2',
  apiId: 'abcdefghij',
  stage: 'dev',
  gatewayRequestId: 'g',
  method: 'POST',
  path: '/dev/x',
  userAgent: 'k6',
  clientIp: '127.0.0.1',
  startedUs: T + 900,
  integrationStartedUs: T + 2_100,
  integrationEndedUs: T + 1_444_000,
  endedUs: T + 1_444_900,
  status: 201,
  integrationStatus: 200,
  responseBytes: 2,
  functionName: 'f',
};
const call = (id: string, parent: string, more: Partial<XRayDocument> = {}): XRayDocument => ({
  type: 'subsegment',
  id,
  trace_id: ROOT,
  parent_id: parent,
  name: 'DynamoDB',
  namespace: 'aws',
  start_time: T / 1e6 + 1.263,
  end_time: T / 1e6 + 1.345,
  http: { response: { status: 200 } },
  aws: { operation: 'PutItem', table_name: 't', resource_names: ['t'] },
  ...more,
});
const assemble = (received: XRayDocument[], style: 'old' | 'new' = 'old') =>
  assembleTrace(
    ROOT,
    { gateways: [gateway], invocations: [invocation], throttles: [], received },
    { ...OLD, style },
  );
const names = (document: XRayDocument | undefined) =>
  document?.subsegments?.map(({ name }) => name);
const fields = (document: XRayDocument | undefined) => Object.keys(document ?? {}).sort();

test('segments have the fields of the captured ones, and link as they do', () => {
  const [front, service, fn, table] = assemble([call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3')]);
  expect(fields(front)).toEqual(
    'annotations aws end_time http id name origin resource_arn start_time subsegments trace_id'.split(
      ' ',
    ),
  );
  expect(front).toMatchObject({
    id: 'a1a1a1a1a1a1a1a1',
    name: 'f-api/dev',
    origin: 'AWS::ApiGateway::Stage',
    aws: { api_gateway: { rest_api_id: 'abcdefghij', stage: 'dev', request_id: 'g' } },
    http: { request: { method: 'POST' }, response: { status: 201, content_length: 2 } },
  });
  expect(fields(front?.subsegments?.[0])).toEqual(
    'aws end_time http id name namespace start_time'.split(' '),
  );
  expect(fields(service)).toEqual(
    'aws end_time http id name origin parent_id resource_arn start_time trace_id'.split(' '),
  );
  expect(service).toMatchObject({
    origin: 'AWS::Lambda',
    parent_id: front?.subsegments?.[0]?.id,
    aws: { request_id: invocation.requestId },
  });
  expect(fields(fn)).toEqual(
    'aws end_time id name origin parent_id start_time subsegments trace_id'.split(' '),
  );
  expect(fn).toMatchObject({ origin: 'AWS::Lambda::Function', parent_id: service?.id });
  expect(Object.keys(fn?.aws ?? {}).sort()).toEqual([
    'account_id',
    'function_arn',
    'resource_names',
  ]);
  expect(names(fn)).toEqual(['Initialization', 'Invocation', 'Overhead']);
  for (const part of fn?.subsegments ?? []) {
    expect(fields(part).filter((field) => field !== 'subsegments')).toEqual(
      'aws end_time id name start_time'.split(' '),
    );
  }
  const grafted = fn?.subsegments?.[1]?.subsegments?.[0];
  expect(grafted).toMatchObject({ id: 'd1d1d1d1d1d1d1d1', namespace: 'aws' });
  expect(fields(grafted)).toEqual('aws end_time http id name namespace start_time'.split(' '));
  expect(table).toMatchObject({
    parent_id: 'd1d1d1d1d1d1d1d1',
    origin: 'AWS::DynamoDB::Table',
    inferred: true,
    name: 't',
  });
});

test('gateway and service have milliseconds, the function microseconds; init ends before it', () => {
  const [front, service, fn] = assemble([]);
  expect(front).toMatchObject({ start_time: 1_700_000_000, end_time: 1_700_000_001.444 });
  expect(service).toMatchObject({ start_time: 1_700_000_000.017, end_time: 1_700_000_001.441 });
  expect(fn?.start_time).toBe(1_700_000_001.243835);
  const [init] = fn?.subsegments ?? [];
  expect(init).toMatchObject({ start_time: 1_700_000_000.391087, end_time: 1_700_000_001.242593 });
  expect(init?.end_time).toBeLessThan(fn?.start_time ?? 0);
});

test('the new style has Init and no Invocation', () => {
  const [, , fn] = assemble([call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3')], 'new');
  expect(names(fn)).toEqual(['Init', 'DynamoDB', 'Overhead']);
  expect(fn?.annotations).toHaveProperty('aws:responseLatency');
});

test('nested subsegments, unordered, find their parents; a later complete document replaces', () => {
  const [, , fn] = assemble([
    call('d2d2d2d2d2d2d2d2', 'd1d1d1d1d1d1d1d1', { name: 'inner', namespace: 'remote' }),
    call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3', {
      name: 'outer',
      namespace: 'local',
      in_progress: true,
      end_time: 1,
    }),
    call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3', { name: 'outer', namespace: 'local' }),
    call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3', { name: 'late', in_progress: true }),
  ]);
  const under = fn?.subsegments?.[1]?.subsegments;
  expect(under).toHaveLength(1);
  expect(under?.[0]).toMatchObject({ name: 'outer' });
  expect(under?.[0]).not.toHaveProperty('in_progress');
  expect(names(under?.[0])).toEqual(['inner']);
});

test('a subsegment without its parent, and a segment, stand alone', () => {
  const segments = assemble([
    call('d1d1d1d1d1d1d1d1', 'eeeeeeeeeeeeeeee'),
    { id: 'f1f1f1f1f1f1f1f1', trace_id: ROOT, name: 'app', start_time: 1, end_time: 2 },
  ]);
  expect(segments.map(({ id }) => id)).toContain('f1f1f1f1f1f1f1f1');
  expect(segments.find(({ id }) => id === 'd1d1d1d1d1d1d1d1')).toMatchObject({
    type: 'subsegment',
    parent_id: 'eeeeeeeeeeeeeeee',
  });
});

test('a trace read twice is equal to itself', () => {
  const read = () => JSON.stringify(assemble([call('d1d1d1d1d1d1d1d1', 'c3c3c3c3c3c3c3c3')]));
  expect(read()).toBe(read());
});

test('platform lines are as captured', () => {
  const record = { ...invocation, durationUs: 5_134_500, billedUs: 5_412_000, memoryMb: 128 };
  record.init = { startedUs: T, endedUs: T + 276_940, billed: true };
  const { requestId } = record;
  expect(startLine(record)).toBe(`START RequestId: ${requestId} Version: $LATEST\n`);
  expect(endLine(record)).toBe(`END RequestId: ${requestId}\n`);
  const duration = `REPORT RequestId: ${requestId}\tDuration: 5134.50 ms\tBilled Duration: 5412 ms\tMemory Size: 128 MB\tMax Memory Used: 97 MB\t`;
  const trace = `\nXRAY TraceId: ${ROOT}\tSegmentId: c1c1c1c1c1c1c1c1\tSampled: true\t\n`;
  expect(reportLine(record)).toBe(`${duration}Init Duration: 276.94 ms\t${trace}`);
  expect(reportLine({ ...record, init: null, status: 'timeout' })).toBe(
    `${duration}Status: timeout\t${trace}`,
  );
  expect(
    reportLine({ ...record, init: null, status: 'error', errorType: 'Runtime.ExitError' }),
  ).toBe(`${duration}Status: error\tError Type: Runtime.ExitError\t${trace}`);
  expect(reportLine({ ...record, init: null, status: 'error', errorType: 'TypeError' })).toBe(
    `${duration}${trace}`,
  );
});
