import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectCgroups } from '../src/emulator/cgroups/index.ts';
import { findRun } from '../src/store/run-store.ts';
import { alive, type Bench, descendants, runBench, startBench, until } from './bench.ts';

const LOAD = ['--rate', '30', '--warm-up', '0', '--ramp', '1s', '--hold', '20s', '--memory', '512'];
/** The issue's own limit. */
const LIMIT_MS = 2000;

const hasQuotas = detectCgroups().quotas;

let cwd: string;
let temporary: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-stays-'));
  temporary = mkdtempSync(join(tmpdir(), 'bench-tmp-'));
  // Environments run as an unprivileged user.
  chmodSync(temporary, 0o711);
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

/** A run under load: environments, k6 and the database are up. */
async function underLoad(): Promise<{ bench: Bench; below: number[] }> {
  const bench = startBench(['run', ...LOAD], cwd, { ...process.env, TMPDIR: temporary });
  await bench.said(/starting$/m);
  const isLoaded = () => descendants(bench.pid).some((pid) => commandOf(pid).includes('k6'));
  expect(await until(isLoaded, 60_000)).toBe(true);
  const samples = () => findRun(join(cwd, 'results'), undefined).trials()[0]?.rawPath ?? '';
  const flowing = () =>
    existsSync(join(samples(), 'k6.csv')) &&
    readFileSync(join(samples(), 'k6.csv')).length > 20_000;
  expect(await until(flowing, 30_000)).toBe(true);
  expect(groupsOf(bench.pid).length > 0 || !hasQuotas).toBe(true);
  return { bench, below: descendants(bench.pid) };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  } catch {
    return '';
  }
}

/** Groups a process of ours made, in any cgroup hierarchy; others may be at work beside this test. */
function groupsOf(pid: number): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .flatMap((line) => find(line.split(' ')[4] ?? '', 3))
    .filter((folder) => folder.includes(`bench-${pid}-`));
}

function find(folder: string, depth: number): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => e.name);
  } catch {
    return [];
  }
  const own = names.filter((name) => /^bench-/.test(name)).map((name) => join(folder, name));
  return depth === 0
    ? own
    : [...own, ...names.flatMap((name) => find(join(folder, name), depth - 1))];
}

async function expectNothingLeft(pid: number, below: number[]): Promise<void> {
  await until(() => !below.some(alive) && readdirSync(temporary).length === 0, LIMIT_MS);
  expect(below.filter(alive).map(commandOf)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  await until(() => groupsOf(pid).length === 0, LIMIT_MS);
  expect(groupsOf(pid)).toEqual([]);
}

describe('nothing stays behind', () => {
  test('after kill -9 under load', async () => {
    const { bench, below } = await underLoad();
    expect(below.length).toBeGreaterThan(3);
    process.kill(bench.pid, 'SIGKILL');
    await expectNothingLeft(bench.pid, below);
  }, 120_000);

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'after %s, which ends with %i and keeps what was measured',
    async (signal, code) => {
      const { bench, below } = await underLoad();
      process.kill(bench.pid, signal);
      const ended = await bench.ended;
      expect(ended.code, ended.stderr).toBe(code);
      await expectNothingLeft(bench.pid, below);
      const run = findRun(join(cwd, 'results'), undefined);
      expect(run.readRun().status).toBe('interrupted');
      expect(run.trials()[0]?.read()?.status).toBe('interrupted');
      expect((await runBench(['report', '--format', 'md'], cwd)).stdout).toMatch(/interrupted/);
    },
    120_000,
  );

  test.each(['k6', 'dynalite'])(
    'when %s dies, the run says so and ends',
    async (name) => {
      const { bench, below } = await underLoad();
      const victim = below.find((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name),
      );
      process.kill(Number(victim), 'SIGKILL');
      const ended = await bench.ended;
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(new RegExp(`bench: .*${name}`));
      await expectNothingLeft(bench.pid, below);
      expect(findRun(join(cwd, 'results'), undefined).trials()[0]?.read()?.status).toBe('failed');
    },
    120_000,
  );
});
