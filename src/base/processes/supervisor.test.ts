import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ToolError, UsageError } from '../errors.ts';
import { createSupervisor } from './supervisor.ts';

const ENV = { PATH: process.env.PATH ?? '' };

/** Polls until `done`, at most 3 s. */
async function until(done: () => boolean): Promise<boolean> {
  for (let i = 0; i < 150 && !done(); i += 1) await new Promise((r) => setTimeout(r, 20));
  return done();
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a child runs in a group of its own with exactly the environment it was given', async () => {
  const supervisor = createSupervisor();
  const child = supervisor.spawn('env', [], {
    cwd: '/',
    env: { ...ENV, ONLY: 'this' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  // It may have ended before all it wrote is read.
  const read = once(child.child, 'close');
  expect(await child.ended).toBe(0);
  await read;
  expect(output).toContain('ONLY=this');
  expect(output).not.toContain('HOME=');
  await supervisor.close();
});

test('close ends stopped children and their own children, and removes folders', async () => {
  const supervisor = createSupervisor();
  const folder = supervisor.ownFolder('bench-test');
  expect(statSync(folder).mode & 0o777).toBe(0o711);
  const child = supervisor.spawn('sh', ['-c', 'sleep 100 & echo $!; wait'], {
    cwd: '/',
    env: ENV,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const grandchild = await new Promise<number>((resolve) => {
    child.child.stdout?.once('data', (chunk) => resolve(Number(String(chunk))));
  });
  child.signal('SIGSTOP');
  await supervisor.close();
  expect(await until(() => !alive(child.pid) && !alive(grandchild))).toBe(true);
  expect(existsSync(folder)).toBe(false);
});

const UIDS = process.getuid?.() === 0 ? [0, 65534] : [process.getuid?.() ?? 0];

test.each(UIDS)('after kill -9 nothing is left, grandchildren included: uid %i', async (uid) => {
  const script = `
    import { createSupervisor } from ${JSON.stringify(join(import.meta.dirname, 'supervisor.ts'))};
    const supervisor = createSupervisor();
    const folder = supervisor.ownFolder('bench-test');
    const child = supervisor.spawn('sh', ['-c', 'sleep 100 & echo $!; wait'], {
      cwd: '/', env: process.env, stdio: ['ignore', 'pipe'], ${uid === 0 ? '' : `uid: ${uid},`}
    });
    child.child.stdout.once('data', (chunk) => {
      child.signal('SIGSTOP');
      console.log(JSON.stringify({ pids: [child.pid, Number(String(chunk))], folder }));
    });
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pids, folder } = await new Promise<{ pids: number[]; folder: string }>((resolve) => {
    parent.stdout.once('data', (chunk) => resolve(JSON.parse(String(chunk))));
  });
  mkdirSync(join(folder, 'inside'));
  expect(pids.every(alive)).toBe(true);
  parent.kill('SIGKILL');
  expect(await until(() => !pids.some(alive) && !existsSync(folder))).toBe(true);
});

test('a temporary folder that cannot be had is the user’s to mend', async () => {
  const supervisor = createSupervisor();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = '/nowhere';
  try {
    expect(() => supervisor.ownFolder('bench-test')).toThrow(UsageError);
    expect(() => supervisor.ownFolder('bench-test')).toThrow(/in \/nowhere: ENOENT.*set TMPDIR/);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await supervisor.close();
  }
});

test('nothing is started once the watchdog is gone', async () => {
  const before = childIds();
  const supervisor = createSupervisor();
  const [watchdog] = childIds().filter((pid) => !before.includes(pid));
  if (watchdog === undefined) throw new Error('no watchdog');
  process.kill(watchdog, 'SIGKILL');
  const start = () => supervisor.spawn('true', [], { cwd: '/', env: ENV, stdio: [] });
  expect(await until(() => !existsSync(`/proc/${watchdog}`))).toBe(true);
  expect(start).toThrow(ToolError);
  expect(start).toThrow(/watchdog.*ended from outside; start again/);
  await supervisor.close();
});

function childIds(): number[] {
  return readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
