import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockRun, runState } from './run-lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-lock-'));
  lock = join(folder, 'lock.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = join(import.meta.dirname, 'run-lock.ts');

/** A process that holds the lock until it is killed. */
async function holder() {
  const script = `import { lockRun } from ${JSON.stringify(MODULE)};
    lockRun(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a run that goes on elsewhere is refused, and taken over after kill -9', async () => {
  const child = await holder();
  expect(() => lockRun(folder)).toThrow(`the run is still going on, in process ${child.pid}`);
  expect(runState(folder)).toBe('running');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(runState(folder)).toBe('gone');
  const release = lockRun(folder);
  expect(runState(folder)).toBe('running');
  expect(() => lockRun(folder)).toThrow('still going on');
  release();
  expect(readdirSync(folder)).toEqual([]);
});

function changed(change: object): void {
  const release = lockRun(folder);
  const own = JSON.parse(readFileSync(lock, 'utf8'));
  release();
  writeFileSync(lock, JSON.stringify({ ...own, ...change }));
}

test('a later process of the same number, and one of an earlier boot, hold nothing', () => {
  changed({ startedTicks: 1 });
  lockRun(folder)();
  changed({ space: 'another-boot pid:[1]' });
  lockRun(folder)();
  // Cut short by a full disk.
  writeFileSync(lock, '{"pid":');
  lockRun(folder)();
  expect(existsSync(lock)).toBe(false);
});

test('of another machine it is not known: the message says what to do', () => {
  changed({ host: 'elsewhere' });
  expect(runState(folder)).toBe('unknown');
  expect(() => lockRun(folder)).toThrow(`of elsewhere, which cannot be seen from here`);
  expect(() => lockRun(folder)).toThrow(`remove ${lock}`);
});
