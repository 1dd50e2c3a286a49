import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBench } from './bench.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-bad-input-'));
  writeFileSync(join(cwd, 'file'), '');
  writeFileSync(join(cwd, 'broken.mjs'), 'export const handler = async () => {');
  writeFileSync(join(cwd, 'throws.mjs'), "throw new Error('no such table');");
  writeFileSync(join(cwd, 'other.ts'), 'export const other = await Promise.resolve(() => 1);');
  writeFileSync(join(cwd, 'sleeps'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  writeFileSync(join(cwd, 'reserved.env'), 'AWS_LAMBDA_FUNCTION_NAME=x\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test.each<[string[], number, RegExp]>([
  [['run', '--speed', '5'], 2, /unknown option '--speed'/],
  [['race'], 2, /unknown command 'race'/],
  [['run', '--backend', 'mysql'], 2, /--backend: there is no "mysql" here; choose from dynamo/],
  [['run', '--memory', '64'], 2, /--memory: "64"/],
  [['run', '--rate', '0'], 2, /--rate: "0"/],
  [['run', '--hold', 'soon'], 2, /--hold: "soon" is not a duration/],
  [['run', '--results', 'file'], 2, /a file stands where a folder is needed/],
  [['report', '--format', 'pdf'], 2, /--format: "pdf" is unknown; choose from html, json, md/],
  [['report'], 2, /no runs in .*results: make one with "bench run"/],
  [['report', 'nothing'], 2, /"nothing" is not a run/],
  [['local', '--handler', 'nowhere.js'], 2, /--handler: there is no file .*nowhere\.js/],
  [['local', '--handler', 'broken.mjs'], 2, /--handler: .*broken\.mjs cannot be bundled/],
  [['local', '--handler', 'file', '--runtime', 'provided.al2023'], 2, /not executable/],
  [
    ['local', '--handler', 'file', '--env-file', 'reserved.env'],
    2,
    /AWS_LAMBDA_FUNCTION_NAME .* is reserved/,
  ],
  [['local'], 2, /required option '--handler/],
  [
    ['local', '--handler', 'other.ts', '--env-file', 'none.env'],
    2,
    /^bench: --env-file: .*none\.env/,
  ],
  [
    ['local', '--handler', 'throws.mjs'],
    2,
    /--handler: throws\.mjs does not load: .*no such table/,
  ],
  [['local', '--handler', 'other.ts#handler'], 2, /other\.ts#handler does not load: .*handler/],
  [
    ['local', '--handler', 'sleeps', '--runtime', 'provided.al2023'],
    2,
    /--handler: sleeps did not ask for its first invocation within 10 s/,
  ],
  [['run', '--results', '/proc/bench'], 2, /cannot make \/proc\/bench/],
  [['report', '--results', 'file'], 2, /cannot list .*file/],
])('%j ends with one message', async (args, code, message) => {
  const ended = await runBench(args, cwd);
  expect(ended.stderr).toMatch(message);
  expect(ended.code).toBe(code);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.stdout).toBe('');
});

test('a port that is taken is named', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  writeFileSync(join(cwd, 'fine.mjs'), 'export const handler = async () => 1;');
  const ended = await runBench(['local', '--handler', 'fine.mjs', '--port', String(port)], cwd);
  server.close();
  expect(ended.stderr).toMatch(new RegExp(`--port: .*${port}`));
  expect(ended.code).toBe(2);
});

test('a k6 that is too old is refused by name', async () => {
  const old = join(cwd, 'k6-old');
  writeFileSync(old, '#!/bin/sh\necho "k6 v1.4.0 (go1.24, linux/amd64)"\n', { mode: 0o755 });
  const ended = await runBench(['run'], cwd, { ...process.env, BENCH_K6: old });
  expect(ended.stderr).toMatch(/BENCH_K6.*1\.4\.0.*2\.2\.0/);
  expect(ended.code).not.toBe(0);
});
