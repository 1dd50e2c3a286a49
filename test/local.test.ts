import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { alive, type Bench, descendants, startBench } from './bench.ts';
import { readySchema } from './local-ready.ts';

let cwd: string;
let bench: Bench;
let ready: z.infer<typeof readySchema>;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-local-'));
  writeFileSync(join(cwd, '.env'), 'GREETING=hello\nHOME=/root\n');
  writeFileSync(
    join(cwd, 'graphql.ts'),
    `interface Event { body?: string; name?: string }
     const greeting: string = await Promise.resolve(process.env.GREETING ?? 'none');
     export const greet = async (event: Event) => {
       console.log('greeting', import.meta.url.slice(0, 5));
       return { statusCode: 200, body: JSON.stringify({ data: { greeting, sent: event.body ?? event.name } }) };
     };`,
  );
  bench = startBench(
    ['local', '--handler', 'graphql.ts#greet', '--memory', '512', '--env-file', '.env', '--json'],
    cwd,
  );
  ready = readySchema.parse(JSON.parse(await bench.said(/^\{.*\}$/m)));
});
afterAll(() => {
  if (alive(bench.pid)) process.kill(bench.pid, 'SIGKILL');
  rmSync(cwd, { recursive: true, force: true });
});

test('the front answers, with the variables of the file', async () => {
  const response = await fetch(ready.frontUrl, { method: 'POST', body: '{"query":"{ x }"}' });
  expect(await response.json()).toEqual({ data: { greeting: 'hello', sent: '{"query":"{ x }"}' } });
});

test('the official Lambda client invokes it and sees the end of its log', async () => {
  const client = new LambdaClient({
    endpoint: ready.awsEndpoint,
    region: ready.region,
    credentials: ready,
  });
  const { functionName: FunctionName } = ready;
  const { MemorySize } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect(MemorySize).toBe(512);
  const { Payload, LogResult } = await client.send(
    new InvokeCommand({ FunctionName, Payload: '{"name":"me"}', LogType: 'Tail' }),
  );
  expect(Buffer.from(Payload ?? []).toString()).toContain('me');
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  expect(log).toMatch(/^START RequestId/);
  expect(log).toContain('greeting file:');
  expect(log).toMatch(/REPORT RequestId: .*Memory Size: 512 MB/);
  client.destroy();
});

test('Ctrl-C ends it and all it started, without a word', async () => {
  const below = descendants(bench.pid);
  process.kill(bench.pid, 'SIGINT');
  const ended = await bench.ended;
  expect(ended.code).toBe(130);
  expect(ended.stderr).not.toContain('bench:');
  expect(ended.stdout.trim().split('\n')).toHaveLength(1);
  expect(below.filter(alive)).toEqual([]);
});
