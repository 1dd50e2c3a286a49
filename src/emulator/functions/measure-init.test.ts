import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ToolError } from '../../base/errors.ts';
import { createSupervisor, type Supervisor } from '../../base/processes/supervisor.ts';
import { type Bench, openBench } from './testing/open-bench.ts';

let bench: Bench;
let supervisor: Supervisor;
let folder: string;
beforeEach(async () => {
  bench = await openBench();
  supervisor = createSupervisor();
  folder = join(supervisor.ownFolder('bench-code'), 'code');
  mkdirSync(folder);
});
afterEach(async () => {
  await bench.close();
  await supervisor.close();
});

const BUSY = `
const until = performance.now() + 150;
while (performance.now() < until);
console.log('loading');
`;

test.each([
  ['index.mjs', `${BUSY} export const handler = async () => 1;`],
  ['index.cjs', `${BUSY} exports.handler = async () => 1;`],
])('loading the handler is told apart from the rest of the init: %s', async (file, code) => {
  writeFileSync(join(folder, file), code);
  const spec = { codeFolder: folder, handler: { file, exportName: 'handler' }, memoryMb: 128 };
  await bench.create('f', spec);
  const { initUs, loadUs } = await bench.host.measureInit('f');
  expect(loadUs).toBeGreaterThanOrEqual(150_000);
  expect(initUs).toBeGreaterThan(loadUs ?? Number.POSITIVE_INFINITY);
  // It has left nothing behind.
  expect(bench.logs).toEqual([]);
  expect(bench.records).toEqual([]);
  expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 0, environmentsPeak: 0 });
  // And the next request is a first one.
  await bench.answer('f', {});
  await bench.host.endEnvironments('f');
  expect(bench.records[0]?.init).not.toBeNull();
});

test('an executable does not tell how long it loads', async () => {
  // Asks for its first invocation, and waits.
  const code = `#!${process.execPath}
const { request } = require('node:http');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
request({ host, port, path: '/2018-06-01/runtime/invocation/next' }).on('error', () => {}).end();
`;
  writeFileSync(join(folder, 'bootstrap'), code);
  chmodSync(join(folder, 'bootstrap'), 0o755);
  await bench.create('f', {
    runtime: 'provided.al2023',
    codeFolder: folder,
    handler: { file: 'bootstrap', exportName: '' },
  });
  expect(await bench.host.measureInit('f')).toEqual({ initUs: expect.any(Number), loadUs: null });
});

test('a function that does not initialise is an error with its words', async () => {
  await bench.create('f', { handler: { file: 'throws.mjs', exportName: 'handler' } });
  const measured = bench.host.measureInit('f');
  await expect(measured).rejects.toThrow(ToolError);
  await expect(measured).rejects.toThrow('f does not load');
});
