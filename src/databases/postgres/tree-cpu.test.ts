import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { treeCpuUs } from './tree-cpu.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

const BUSY = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';

test('children that ended and children that live count', async () => {
  // Each in a session of its own, as PostgreSQL's are.
  const { pid, child, signal } = supervisor.spawn(
    'sh',
    [
      '-c',
      `setsid sh -c '${BUSY}'; echo ended; setsid sh -c '${BUSY}; echo living; sleep 60' & wait`,
    ],
    { cwd: '/', env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  if (child.stdout === null) throw new Error('no pipe');
  await once(child.stdout, 'data');
  const ofEnded = treeCpuUs(pid);
  expect(ofEnded).toBeGreaterThan(0);
  await once(child.stdout, 'data');
  expect(treeCpuUs(pid)).toBeGreaterThan(ofEnded);
  signal('SIGKILL');
});

test('nothing is known of a process that is not there', () => {
  expect(treeCpuUs(2 ** 22 + 1)).toBe(0);
});
