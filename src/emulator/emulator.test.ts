import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BatchGetTracesCommand, XRayClient } from '@aws-sdk/client-xray';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSupervisor, type Supervisor } from '../base/processes/supervisor.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** Sends one subsegment as an X-Ray client does, and answers as a proxy integration does. */
const HANDLER = `
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
const socket = createSocket('udp4');
const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':');
export async function handler() {
  const fields = Object.fromEntries(process.env._X_AMZN_TRACE_ID.split(';').map((f) => f.split('=')));
  const now = Date.now() / 1000;
  const document = JSON.stringify({
    type: 'subsegment', id: randomBytes(8).toString('hex'), trace_id: fields.Root,
    parent_id: fields.Parent, name: 'DynamoDB', namespace: 'aws', start_time: now,
    end_time: now + 0.0001, aws: { operation: 'GetItem', table_name: 't' },
  });
  const text = '{"format":"json","version":1}\\n' + document;
  await new Promise((resolve) => socket.send(text, Number(port), host, resolve));
  console.log('one line');
  return { statusCode: 200, body: '{"data":{}}' };
}
`;

let supervisor: Supervisor;
let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  supervisor = createSupervisor();
  emulator = await startEmulator({ supervisor });
  folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
  await writeFile(join(folder, 'index.mjs'), HANDLER);
  await emulator.functions.create({
    name: 'real',
    runtime: 'nodejs24.x',
    codeFolder: folder,
    handler: { file: 'index.mjs', exportName: 'handler' },
    memoryMb: 1024,
    timeoutS: 20,
    environment: {},
  });
}, 30_000);
afterAll(async () => {
  await emulator.close();
  await supervisor.close();
  await rm(folder, { recursive: true });
});

const options = () => ({
  region: emulator.region,
  endpoint: emulator.awsEndpoint,
  credentials: emulator.credentials,
});

interface Document {
  id: string;
  parent_id?: string;
  origin?: string;
  name: string;
  start_time: number;
  end_time: number;
  subsegments?: Document[];
}

test('every answered request has its whole trace and its REPORT line', async () => {
  const front = await emulator.addFront('rest-api', 'real');
  const roots: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(
      [1, 2, 3].map(async () => {
        const response = await fetch(front.url, { method: 'POST', body: '{}' });
        expect(await response.text()).toBe('{"data":{}}');
        roots.push(/Root=([^;]+)/.exec(response.headers.get('x-amzn-trace-id') ?? '')?.[1] ?? '');
      }),
    );
  }
  await emulator.functions.endEnvironments('real');
  await emulator.settle();
  expect(await emulator.lostDatagrams()).toBe(0);

  const xray = new XRayClient(options());
  let cold = 0;
  for (let i = 0; i < roots.length; i += 5) {
    const answer = await xray.send(new BatchGetTracesCommand({ TraceIds: roots.slice(i, i + 5) }));
    expect(answer.Traces).toHaveLength(Math.min(5, roots.length - i));
    for (const { Segments } of answer.Traces ?? []) {
      const documents = (Segments ?? []).map((each) => JSON.parse(each.Document ?? '') as Document);
      const [gateway, service, fn, table] = documents as [Document, Document, Document, Document];
      expect(gateway.origin).toBe('AWS::ApiGateway::Stage');
      expect(service.parent_id).toBe(gateway.subsegments?.[0]?.id);
      expect(fn.parent_id).toBe(service.id);
      const invocation = fn.subsegments?.find(({ name }) => name === 'Invocation');
      expect(invocation?.subsegments?.[0]?.id).toBe(table.parent_id);
      expect(gateway.start_time).toBeLessThanOrEqual(service.start_time);
      expect(fn.end_time).toBeGreaterThanOrEqual(fn.start_time);
      const init = fn.subsegments?.find(({ name }) => name === 'Initialization');
      if (init !== undefined) {
        cold += 1;
        expect(init.end_time).toBeLessThan(fn.start_time);
      }
    }
  }
  const logs = new CloudWatchLogsClient(options());
  const { events } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/real' }),
  );
  const messages = (events ?? []).map(({ message }) => message ?? '');
  const count = (start: string) => messages.filter((each) => each.startsWith(start)).length;
  expect(count('REPORT')).toBe(roots.length);
  expect(count('START')).toBe(roots.length);
  expect(messages.filter((each) => each.endsWith('one line\n'))).toHaveLength(roots.length);
  expect(messages.filter((each) => each.includes('Init Duration')).length).toBe(cold);
  expect(cold).toBeGreaterThan(0);
}, 60_000);

test('Invoke reaches the function and gives the tail of its log', async () => {
  const lambda = new LambdaClient(options());
  const { Payload, LogResult } = await lambda.send(
    new InvokeCommand({ FunctionName: 'real', LogType: 'Tail' }),
  );
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ statusCode: 200 });
  expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain('one line');
}, 60_000);
