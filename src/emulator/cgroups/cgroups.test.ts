import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSupervisor, type Supervisor } from '../../base/processes/supervisor.ts';
import { type CgroupView, detectCgroups, openGroups } from './index.ts';

let root = '';
let supervisor: Supervisor;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bench-cgroups-'));
  supervisor = createSupervisor();
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  await supervisor.close();
});

/** A directory that looks like the kernel's files; folders get the control files given. */
function machine(files: Record<string, string>, uid = 1000): CgroupView {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text.replaceAll('ROOT', root));
  }
  return { procSelf: join(root, 'proc'), uid, pid: 7, hasCommand: () => true };
}

const V2_MOUNT = '30 24 0:26 / ROOT/cgroup rw,nosuid - cgroup2 cgroup2 rw\n';
const BOTH = 'cpuset cpu io memory pids\n';

test('v2: uses the nearest group above that gives cpu and memory to its children', () => {
  const view = machine({
    'proc/mountinfo': V2_MOUNT,
    'proc/cgroup': '0::/user.slice/session\n',
    'cgroup/user.slice/cgroup.procs': '',
    'cgroup/user.slice/cgroup.subtree_control': BOTH,
    'cgroup/user.slice/session/cgroup.controllers': BOTH,
    'cgroup/user.slice/session/cgroup.subtree_control': '',
    'cgroup/user.slice/session/cgroup.procs': '7\n',
  });
  expect(detectCgroups(view)).toEqual({
    version: 2,
    quotas: true,
    parent: join(root, 'cgroup/user.slice'),
    moveSelfTo: null,
  });
});

test('v2: in a delegated scope we move ourselves into a leaf', () => {
  const view = machine({
    'proc/mountinfo': V2_MOUNT,
    'proc/cgroup': '0::/run.scope\n',
    'cgroup/run.scope/cgroup.controllers': BOTH,
    'cgroup/run.scope/cgroup.subtree_control': '',
    'cgroup/run.scope/cgroup.procs': '7\n',
  });
  const support = detectCgroups(view);
  const scope = join(root, 'cgroup/run.scope');
  expect(support).toMatchObject({
    version: 2,
    parent: scope,
    moveSelfTo: join(scope, 'bench-main'),
  });
  openGroups(supervisor, support, 'bench-7');
  expect(readFileSync(join(scope, 'bench-main/cgroup.procs'), 'utf8')).toBe('7');
  expect(readFileSync(join(scope, 'cgroup.subtree_control'), 'utf8')).toBe('+cpu +memory');
});

test('v2: a group that others are in is left alone', () => {
  const view = machine({
    'proc/mountinfo': V2_MOUNT,
    'proc/cgroup': '0::/session.scope\n',
    'cgroup/session.scope/cgroup.controllers': BOTH,
    'cgroup/session.scope/cgroup.subtree_control': '',
    'cgroup/session.scope/cgroup.procs': '3\n7\n',
  });
  expect(detectCgroups(view)).toMatchObject({
    quotas: false,
    reason: expect.stringContaining('other processes'),
  });
});

test('v2: without the controllers it says so and how to get them', () => {
  const view = machine({
    'proc/mountinfo': V2_MOUNT,
    'proc/cgroup': '0::/session\n',
    'cgroup/session/cgroup.controllers': 'pids\n',
    'cgroup/session/cgroup.procs': '7\n',
  });
  const support = detectCgroups(view);
  if (support.quotas) throw new Error('unexpected');
  expect(support.reason).toContain('no controller cpu or memory');
  expect(support.mend).toContain('systemd-run');
  expect(support.mend).toContain('Delegate=yes');
  expect(openGroups(supervisor, support, 'x')).toBeNull();
});

test('v1: folders that are not ours to write are named with the command that mends it', () => {
  const line = (controller: string) =>
    `31 24 0:27 / ROOT/${controller} rw - cgroup cgroup rw,${controller}\n`;
  const view = machine({
    'proc/mountinfo': line('cpu') + line('cpuacct') + line('memory'),
    'proc/cgroup': '3:memory:/\n2:cpuacct:/\n1:cpu:/\n',
  });
  expect(detectCgroups(view)).toMatchObject({
    version: 1,
    quotas: false,
    mend: expect.stringMatching(/^sudo .*chown -R 1000 .*cpuacct\/graphql-lambda-bench/),
  });
});

test('v1: in a container the path is taken below what is mounted', () => {
  const line = (controller: string) =>
    `31 24 0:27 /docker/abc ROOT/${controller} rw - cgroup cgroup rw,${controller}\n`;
  const view = machine({
    'proc/mountinfo': line('cpu,cpuacct') + line('memory'),
    'proc/cgroup': '3:memory:/docker/abc/inner\n2:cpu,cpuacct:/docker/abc\n',
    'cpu,cpuacct/cgroup.procs': '',
    'memory/cgroup.procs': '',
    'memory/inner/cgroup.procs': '',
  });
  expect(detectCgroups(view)).toEqual({
    version: 1,
    quotas: true,
    parents: {
      cpu: join(root, 'cpu,cpuacct'),
      cpuacct: join(root, 'cpu,cpuacct'),
      memory: join(root, 'memory/inner'),
    },
  });
});

test('no cgroups at all', () => {
  const view = machine({ 'proc/mountinfo': '', 'proc/cgroup': '' });
  expect(detectCgroups(view)).toMatchObject({ version: null, quotas: false });
});

test('v2: a group writes its limits and reads its counters', () => {
  const parent = join(root, 'parent');
  mkdirSync(parent);
  const groups = openGroups(
    supervisor,
    { version: 2, quotas: true, parent, moveSelfTo: null },
    'b',
  );
  const group = groups?.create('e1');
  if (group === undefined) throw new Error('no group');
  const folder = join(parent, 'b/e1');
  expect(group.folders).toEqual([folder]);
  group.setCpus(0.5);
  group.setMemoryLimit(128 * 1024 * 1024);
  expect(readFileSync(join(folder, 'cpu.max'), 'utf8')).toBe('10000 20000');
  expect(readFileSync(join(folder, 'memory.max'), 'utf8')).toBe('134217728');
  writeFileSync(join(folder, 'cpu.stat'), 'usage_usec 1500\nuser_usec 1000\nthrottled_usec 700\n');
  writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 2\n');
  writeFileSync(join(folder, 'memory.peak'), '52428800\n');
  writeFileSync(join(folder, 'cgroup.threads'), '11\n12\n');
  expect(group.cpuTimes()).toEqual({ cpuUs: 1500, throttledUs: 700 });
  expect(group.outOfMemoryKills()).toBe(2);
  expect(group.memoryPeakBytes()).toBe(52_428_800);
  expect(group.threads()).toEqual([11, 12]);
});

test('on this machine: a process joins before it runs, is counted, and the group goes', async () => {
  const support = detectCgroups();
  if (!support.quotas) {
    expect(support.reason).not.toBe('');
    return;
  }
  const groups = openGroups(supervisor, support, `bench-test-${process.pid}`);
  const group = groups?.create('e1');
  if (group === undefined) throw new Error('no group');
  group.setCpus(0.5);
  group.setMemoryLimit(64 * 1024 * 1024);
  const child = supervisor.spawn('/bin/sh', ['-c', 'cat /proc/self/cgroup; read line'], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
    cgroups: group.folders,
  });
  const text = await new Promise<string>((resolve) => {
    child.child.stdout?.once('data', (chunk) => resolve(String(chunk)));
  });
  expect(text).toContain(`bench-test-${process.pid}/e1`);
  expect(group.threads().length).toBeGreaterThan(0);
  expect(group.cpuTimes().cpuUs).toBeGreaterThan(0);
  expect(group.memoryPeakBytes()).toBeGreaterThan(0);
  child.child.stdin?.end();
  await child.ended;
  group.remove();
  for (const folder of group.folders) expect(existsSync(folder)).toBe(false);
});
