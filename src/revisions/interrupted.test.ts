import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InterruptedError } from '../base/errors.ts';
import { aGate, type TestGate } from './testing/a-gate.ts';
import { aRepository, contentOf, type TestRepository } from './testing/a-repository.ts';

let gate: TestGate;
let user: TestRepository;

beforeEach(() => {
  gate = aGate();
  const root = join(gate.folder, 'user');
  mkdirSync(root);
  user = aRepository(root, { 'handler.js': 'exports.handler = () => 1;\n' });
});
afterEach(() => gate.close());

/** Says that it runs, and writes files with a child as long as it may, as an install does. */
const endless = (started: string) =>
  `mkdir made; (i=0; while :; do i=$((i+1)); echo x > made/$i; done) & echo x > ${started}; wait`;

/** Polls until `done`, at most 5 s. */
async function until(done: () => boolean): Promise<boolean> {
  for (let i = 0; i < 250 && !done(); i += 1) await new Promise((r) => setTimeout(r, 20));
  return done();
}

test('a signal ends the build; nothing is left, and the repository is as it was', async () => {
  const before = contentOf(user.root);
  const started = join(gate.folder, 'started');
  const controller = new AbortController();
  const job = { build: endless(started), signal: controller.signal };
  const bundled = gate.bundle(await gate.open(user.root, job), user.root);
  const ended = expect(bundled).rejects.toThrow(InterruptedError);
  expect(await until(() => existsSync(started))).toBe(true);
  controller.abort(new InterruptedError('SIGINT'));
  await ended;
  await gate.supervisor.close();
  expect(gate.checkouts()).toEqual([]);
  expect(contentOf(user.root)).toEqual(before);
});

test('after a signal nothing is begun', async () => {
  const signal = AbortSignal.abort(new InterruptedError('SIGTERM'));
  await expect(gate.open(user.root, { signal })).rejects.toThrow(InterruptedError);
});

test('after kill -9 in the middle of a build nothing is left, and the repository is as it was', async () => {
  const before = contentOf(user.root);
  const started = join(gate.folder, 'started');
  const into = join(gate.folder, 'into');
  mkdirSync(into);
  const script = `
    import { createSupervisor } from ${JSON.stringify(join(import.meta.dirname, '../base/processes/supervisor.ts'))};
    import { openRevisions } from ${JSON.stringify(join(import.meta.dirname, 'open-revisions.ts'))};
    const revisions = await openRevisions({
      against: 'main',
      cwd: ${JSON.stringify(user.root)},
      build: ${JSON.stringify(endless(started))},
      code: [],
      cacheFolder: ${JSON.stringify(gate.cacheFolder)},
      supervisor: createSupervisor(),
      signal: new AbortController().signal,
      step() {},
    });
    const endpoint = { server: 'handler', backend: 'own', dataLayer: null, batching: false, revision: 'base' };
    await revisions.code.bundle({}, endpoint, ${JSON.stringify(into)});
  `;
  const bench = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(bench, 'exit');
  expect(await until(() => existsSync(started))).toBe(true);
  expect(gate.checkouts()).toHaveLength(1);
  bench.kill('SIGKILL');
  await exited;
  expect(await until(() => gate.checkouts().length === 0)).toBe(true);
  expect(contentOf(user.root)).toEqual(before);
});
