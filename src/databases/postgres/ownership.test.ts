import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { giveTo, reachable, serverUid } from './ownership.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

function installationIn(folder: string) {
  const bin = join(folder, 'native', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'postgres'), 'a program', { mode: 0o755 });
  return { bin, banner: 'postgres (PostgreSQL) 18.4', version: 18.4 };
}

test('as root, programs the server’s user cannot reach are copied; all else is left where it is', async () => {
  const open = installationIn(supervisor.ownFolder('bench-test'));
  expect(await reachable(open, supervisor)).toEqual(open);
  const home = supervisor.ownFolder('bench-test');
  const closed = installationIn(home);
  chmodSync(home, 0o700);
  const { bin } = await reachable(closed, supervisor);
  expect(bin === closed.bin).toBe(serverUid() === undefined);
  expect(readFileSync(join(bin, 'postgres'), 'utf8')).toBe('a program');
  expect(statSync(join(bin, 'postgres')).mode & 0o777).toBe(0o755);
});

test('a folder is given away with all that is in it', async () => {
  const folder = supervisor.ownFolder('bench-test');
  const { bin } = installationIn(folder);
  await giveTo(folder, serverUid());
  const expected = serverUid() ?? process.getuid?.();
  for (const path of [folder, bin, join(bin, 'postgres')]) {
    expect(statSync(path).uid).toBe(expected);
  }
});
