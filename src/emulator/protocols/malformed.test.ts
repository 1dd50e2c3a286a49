import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sha256 } from '../../aws/sha256.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';

let tested: TestEmulator;
beforeAll(async () => {
  tested = await startTestEmulator();
  tested.emulator.functions.createAlias('f', {
    name: 'live',
    functionVersion: '$LATEST',
    description: '',
    routing: null,
  });
});
afterAll(() => tested.close());

interface Sent {
  service: string;
  method?: string;
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
}

/** A request whose signature is right, whatever else is not. */
async function send({ service, method = 'POST', path = '/', query = {}, ...rest }: Sent) {
  const { awsEndpoint, region, credentials } = tested.emulator;
  const { host, hostname } = new URL(awsEndpoint);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const { body = '' } = rest;
  const headers = { host, ...rest.headers };
  const signed = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    path,
    query,
    headers,
    body,
  });
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${awsEndpoint}${path}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: signed.headers,
    ...(method === 'GET' ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

const F = '/2015-03-31/functions/f';
const target = (name: string) => ({
  'x-amz-target': name,
  'content-type': 'application/x-amz-json-1.0',
});
const LOGS = target('Logs_20140328.GetLogEvents');
const METRICS = target('GraniteServiceVersion20100801.GetMetricStatistics');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const statistics = { Namespace: 'n', MetricName: 'm', Period: 60, Statistics: ['Sum'] };

test.each<[string, number, Sent]>([
  ['no JSON', 400, { service: 'lambda', path: `${F}/aliases`, body: '{' }],
  ['another type', 400, { service: 'lambda', path: `${F}/aliases`, body: '[]' }],
  ['nothing', 400, { service: 'lambda', path: `${F}/aliases` }],
  [
    'a member of another type',
    400,
    { service: 'lambda', method: 'PUT', path: `${F}/configuration`, body: '{"MemorySize":"x"}' },
  ],
  [
    'a huge number',
    400,
    { service: 'lambda', method: 'PUT', path: `${F}/configuration`, body: '{"Timeout":1e308}' },
  ],
  [
    'a bad percent-encoding',
    400,
    { service: 'lambda', method: 'GET', path: `${F}/aliases/%E0%A4%A` },
  ],
  [
    'MaxItems',
    400,
    { service: 'lambda', method: 'GET', path: `${F}/versions`, query: { MaxItems: 'many' } },
  ],
  [
    'a marker',
    400,
    { service: 'lambda', method: 'GET', path: `${F}/versions`, query: { Marker: 'x' } },
  ],
  ['a qualifier', 400, { service: 'lambda', method: 'GET', path: F, query: { Qualifier: 'a b' } }],
  [
    'two qualifiers',
    400,
    { service: 'lambda', method: 'GET', path: `${F}%3Alive`, query: { Qualifier: '1' } },
  ],
  ['an API version', 404, { service: 'lambda', method: 'GET', path: '/2015-03-30/functions/f' }],
  ['a service', 404, { service: 's3', method: 'GET', path: '/' }],
  ['times', 400, { service: 'xray', path: '/TraceSummaries', body: '{"StartTime":2,"EndTime":1}' }],
  ['deep JSON', 400, { service: 'xray', path: '/Traces', body: `${'['.repeat(200_000)}` }],
  [
    'a list of numbers',
    400,
    { service: 'xray', path: '/TraceSegments', body: '{"TraceSegmentDocuments":[1]}' },
  ],
  ['no group', 400, { service: 'logs', headers: LOGS, body: '{"logStreamName":"s"}' }],
  [
    'a negative time',
    400,
    {
      service: 'logs',
      headers: LOGS,
      body: '{"logStreamName":"s","logGroupName":"g","startTime":-1}',
    },
  ],
  ['no period', 400, { service: 'monitoring', headers: METRICS, body: '{"Namespace":"n"}' }],
  [
    'an endless window',
    400,
    {
      service: 'monitoring',
      headers: METRICS,
      body: JSON.stringify({ ...statistics, StartTime: 0, EndTime: 1e300 }),
    },
  ],
  [
    'CBOR',
    400,
    {
      service: 'monitoring',
      path: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
      body: '\u0081'.repeat(9),
    },
  ],
  [
    'a deep form',
    400,
    { service: 'monitoring', headers: FORM, body: `Action=ListMetrics&${'a.'.repeat(50)}=1` },
  ],
  [
    'an endless list',
    400,
    {
      service: 'monitoring',
      headers: FORM,
      body: `Action=ListMetrics&${Array.from({ length: 1500 }, (_, i) => `Dimensions.member.${i}.Name=x`).join('&')}`,
    },
  ],
  [
    'a number in a form',
    400,
    {
      service: 'monitoring',
      headers: FORM,
      body: 'Action=GetMetricStatistics&Namespace=n&MetricName=m&StartTime=x&EndTime=y&Period=z',
    },
  ],
  [
    'a form without an action',
    400,
    { service: 'monitoring', headers: FORM, body: '__proto__.x=1' },
  ],
])('%s is refused with %i', async (_, status, sent) => {
  const answer = await send(sent);
  expect(answer.text).not.toBe('');
  expect(answer.status).toBe(status);
});

test('a document that nests without end is not taken', async () => {
  const nowS = Math.floor(Date.now() / 1000);
  const document = JSON.stringify({
    id: '0000000000000001',
    trace_id: `1-${nowS.toString(16)}-000000000000000000000001`,
    name: 'n',
    start_time: nowS,
    metadata: 'here',
  }).replace('"here"', '['.repeat(9000) + ']'.repeat(9000));
  const body = JSON.stringify({ TraceSegmentDocuments: [document, 'x'.repeat(70_000)] });
  const { status, text } = await send({ service: 'xray', path: '/TraceSegments', body });
  expect(status).toBe(200);
  const { UnprocessedTraceSegments } = JSON.parse(text);
  expect(UnprocessedTraceSegments.map((each: { ErrorCode: string }) => each.ErrorCode)).toEqual([
    'ParseError',
    'SegmentTooLarge',
  ]);
});

test('an older client is answered in XML, errors too', async () => {
  const good = await send({
    service: 'monitoring',
    headers: FORM,
    body: 'Action=ListMetrics&Version=2010-08-01',
  });
  expect(good.text).toMatch(/^<ListMetricsResponse xmlns="[^"]+"><ListMetricsResult><Metrics>/);
  const body = 'Action=Describe%3CAlarms%3E';
  const bad = await send({ service: 'monitoring', headers: FORM, body });
  expect(bad.status).toBe(400);
  expect(bad.text).toContain('<Type>Sender</Type><Code>InvalidAction</Code>');
});
