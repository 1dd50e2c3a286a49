import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { enterScope, mayEnterScope } from './enter-scope.ts';
import { findScope, surroundings } from './scopes.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

const OUTER = join(import.meta.dirname, 'testing/outer.ts');

let folder = '';
let told = '';
/** A PATH with the programs we need and none that makes scopes, but for those of a test. */
beforeEach(() => {
  folder = join(supervisor.ownFolder('bench-scope'), 'bin');
  told = `${folder}.told`;
  mkdirSync(folder);
  for (const program of ['sh', 'tr', 'dirname', 'id', 'sleep']) {
    symlinkSync(`/usr/bin/${program}`, join(folder, program));
  }
});

/** A program that writes down its arguments, and then does what `script` says. */
function fake(name: string, script: string): void {
  const text = `#!/bin/sh\necho "${name} $*" | tr '\\n' ' ' >> ${told}\necho >> ${told}\n${script}\n`;
  writeFileSync(join(folder, name), text, { mode: 0o755 });
}

/** As systemd-run does with --scope: becomes the program. */
const BECOME = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"';
/** As sudo does: a child without the user's environment; its exit code is ours. */
const AS_ROOT = 'shift; /usr/bin/env -i PATH=$(dirname $0):/usr/bin:/bin "$@"; exit $?';

/** The lines of what was started, without the program that follows. */
function calls(): string[] {
  const lines = readFileSync(told, 'utf8').trim().split('\n');
  return lines.map((line) => line.replace(/ -- .*/, ' --').replace(/ (\/\S*\/)/, ' '));
}

interface Ended {
  pid: number | undefined;
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
}

function start(
  uid: number,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  cgroups = '/',
): ChildProcess {
  return spawn(process.execPath, [OUTER, String(uid), cgroups, ...args], {
    cwd: '/tmp',
    env: { PATH: `${folder}:/usr/bin-not`, SECRET: 'kept', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ pid: child.pid, code, signal, out }));
  });
}

test("the user's own service manager is asked first, and the process stays the same", async () => {
  fake('systemd-run', BECOME.replace('exec', 'PATH=/usr/bin:/bin exec'));
  fake('sudo', 'exit 1');
  const { pid, code, out } = await ended(start(1000, ['exit', 'a b']));
  expect(out).toMatch(
    new RegExp(`^pid ${pid} uid \\d+ scope inner secret kept args exit a b in /tmp$`, 'm'),
  );
  expect(code).toBe(7);
  expect(calls()).toEqual(Array(2).fill('systemd-run --user --scope --quiet -p Delegate=yes --'));
});

test('stdin and signals reach the inner command', async () => {
  fake('systemd-run', BECOME.replace('exec', 'PATH=/usr/bin:/bin exec'));
  const reading = start(1000, ['read']);
  reading.stdin?.end('a line\n');
  expect((await ended(reading)).out).toContain('read a line');
  const waiting = start(1000, ['wait']);
  const end = ended(waiting);
  await new Promise<void>((resolve) => {
    waiting.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('waiting')) resolve();
    });
  });
  waiting.kill('SIGINT');
  expect(await end).toMatchObject({ code: 130, out: expect.stringContaining('interrupted') });
});

test.skipIf(process.getuid?.() !== 0)(
  'else sudo is, which asks nothing: the scope becomes the user’s, and the process is moved into it',
  async () => {
    fake('systemd-run', `case $1 in --user) exit 1 ;; esac; ${BECOME}`);
    fake('sudo', AS_ROOT);
    // What it reads is /proc/self/cgroup, which here has no scope.
    fake('sed', 'echo /user.slice/run-1.scope');
    const scope = join(`${folder}.cgroups/user.slice/run-1.scope`);
    mkdirSync(scope, { recursive: true });
    writeFileSync(join(scope, 'cgroup.procs'), '');
    writeFileSync(join(scope, 'cgroup.controllers'), 'cpu io memory pids\n');
    const going = () => ended(start(65_534, ['exit'], {}, `${folder}.cgroups`));
    const { pid, code, out } = await going();
    expect([code, out]).toEqual([0, 'goes on, BENCH_SCOPE=\n']);
    expect(readFileSync(join(scope, 'cgroup.procs'), 'utf8')).toBe(`${pid}\n`);
    expect(statSync(scope).uid).toBe(65_534);
    expect(statSync(join(scope, 'cgroup.procs')).uid).toBe(65_534);
    expect(calls().filter((call) => call.startsWith('sudo'))).toEqual(
      Array(2).fill('sudo -n systemd-run --scope --quiet -p Delegate=yes --'),
    );
    expect(readFileSync(told, 'utf8')).not.toContain('kept');
    // Without the controllers there is no use in it.
    writeFileSync(join(scope, 'cgroup.controllers'), 'io pids\n');
    await going();
    expect(readFileSync(join(scope, 'cgroup.procs'), 'utf8')).toBe(`${pid}\n`);
  },
);

test('root asks the service manager itself', async () => {
  fake('systemd-run', BECOME.replace('exec', 'PATH=/usr/bin:/bin exec'));
  fake('sudo', 'exit 1');
  expect((await ended(start(0, ['exit']))).code).toBe(7);
  expect(calls()).toEqual(Array(2).fill('systemd-run --scope --quiet -p Delegate=yes --'));
});

test('where no scope can be had, the command goes on without', async () => {
  const none = await ended(start(1000, []));
  expect(none.out).toBe('goes on, BENCH_SCOPE=\n');
  fake('systemd-run', 'exit 1');
  fake('sudo', 'echo a password is required >&2; exit 1');
  expect((await ended(start(1000, []))).out).toBe('goes on, BENCH_SCOPE=\n');
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['systemd-run', 'sudo']);
});

test('an inner command, and one that is told not to, stays where it is', async () => {
  fake('systemd-run', BECOME);
  for (const asked of ['inner', 'off']) {
    const { out } = await ended(start(1000, [], { BENCH_SCOPE: asked }));
    expect(out).toBe(`goes on, BENCH_SCOPE=${asked}\n`);
  }
});

test('nothing is tried where there are quotas, or a scope would give none', () => {
  const without = { quotas: false, reason: '', mend: null } as const;
  expect(mayEnterScope({ version: 2, ...without }, {})).toBe(true);
  expect(mayEnterScope({ version: 1, ...without }, {})).toBe(false);
  expect(mayEnterScope({ version: null, ...without }, {})).toBe(false);
  fake('systemd-run', BECOME);
  const at = { ...surroundings(), env: { PATH: folder } };
  const parents = { cpu: '/', cpuacct: '/', memory: '/' };
  enterScope({ version: 1, quotas: true, parents }, at, ['/bin/false']);
  expect(() => readFileSync(told)).toThrow('ENOENT');
  // One that has no quotas within is none.
  expect(findScope(at, ['/bin/echo', 'none'])).toBeNull();
  expect(findScope(at, ['/bin/echo', 'quotas'])?.shown).toMatch(/^systemd-run /);
});
