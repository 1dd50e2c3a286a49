import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { InterruptedError } from '../base/errors.ts';
import { createSupervisor } from '../base/processes/supervisor.ts';
import { fromSnapshot } from './snapshot.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

let cacheFolder: string;
let made: number;
beforeEach(() => {
  cacheFolder = join(supervisor.ownFolder('bench-test-cache'), 'not-there-yet');
  made = 0;
});

/** A database of two files, of which PostgreSQL would mind the mode. */
function job(own: { cacheFolder?: string; signal?: AbortSignal; make?: () => Promise<void> } = {}) {
  const into = supervisor.ownFolder('bench-test');
  return {
    cacheFolder,
    key: 'rows-1',
    into,
    async make() {
      made += 1;
      mkdirSync(join(into, 'base'), { mode: 0o700 });
      writeFileSync(join(into, 'base', '1'), 'rows', { mode: 0o600 });
    },
    signal: new AbortController().signal,
    ...own,
  };
}

function rowsIn({ into }: { into: string }): string {
  return readFileSync(join(into, 'base', '1'), 'utf8');
}

test('is made once and copied from then on, with its modes', async () => {
  expect(await fromSnapshot(job())).toEqual({ cached: false, notKept: null });
  const second = job();
  expect(await fromSnapshot(second)).toEqual({ cached: true, notKept: null });
  expect(rowsIn(second)).toBe('rows');
  expect(statSync(join(second.into, 'base')).mode & 0o777).toBe(0o700);
  expect(statSync(join(second.into, 'base', '1')).mode & 0o777).toBe(0o600);
  expect(made).toBe(1);
  // A copy is its own: what a database writes does not reach the snapshot.
  writeFileSync(join(second.into, 'base', '1'), 'changed');
  const third = job();
  await fromSnapshot(third);
  expect(rowsIn(third)).toBe('rows');
});

test('two at once both have their rows, and one snapshot stays', async () => {
  const both = [job(), job()];
  const outcomes = await Promise.all(both.map(fromSnapshot));
  expect(outcomes.map(({ notKept }) => notKept)).toEqual([null, null]);
  expect(both.map(rowsIn)).toEqual(['rows', 'rows']);
  expect(readdirSync(join(cacheFolder, 'snapshots'))).toEqual(['rows-1']);
});

test('a cache that takes nothing is told; the rows are there all the same', async () => {
  writeFileSync(cacheFolder, 'a file');
  const one = job();
  const { cached, notKept } = await fromSnapshot(one);
  expect(cached).toBe(false);
  expect(notKept).toMatch(/a file stands where a folder is needed/);
  expect(rowsIn(one)).toBe('rows');
});

test('what was interrupted or failed is not kept', async () => {
  const controller = new AbortController();
  const make = async () => controller.abort(new InterruptedError('SIGINT'));
  await expect(fromSnapshot(job({ make, signal: controller.signal }))).rejects.toThrow(
    InterruptedError,
  );
  const failing = async () => Promise.reject(new Error('no rows'));
  await expect(fromSnapshot(job({ make: failing }))).rejects.toThrow('no rows');
  expect(existsSync(join(cacheFolder, 'snapshots'))).toBe(false);
});

test('what killed runs left behind goes, and what nobody used for a month', async () => {
  const day = 24 * 3600;
  const now = Date.now() / 1000;
  const folder = join(cacheFolder, 'snapshots');
  for (const [name, age] of Object.entries({
    'rows-1.draft-abcdef': day,
    'rows-2.draft-ghijkl': 0,
    'rows-0': 40 * day,
    'rows-3': 10 * day,
  })) {
    mkdirSync(join(folder, name), { recursive: true });
    utimesSync(join(folder, name), now - age, now - age);
  }
  await fromSnapshot(job());
  expect(readdirSync(folder).sort()).toEqual(['rows-1', 'rows-2.draft-ghijkl', 'rows-3']);
  // Also by a run that only uses what there is.
  utimesSync(join(folder, 'rows-2.draft-ghijkl'), now - day, now - day);
  expect((await fromSnapshot(job())).cached).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['rows-1', 'rows-3']);
});
