import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GateResult, gateResultSchema } from '../src/model/gate.ts';
import { alive, descendants, type Ended, runBench, startBench, until } from './bench.ts';

/** Gates of a user's repository: real git, real k6, real environments; differences nobody can miss. */
const SHORT = ['--memory', '1769', '--rate', '20', '--warm-up', '0s', '--ramp', '0s', '--hold'];
// Three decide; there may be more, as a host that is busy for a moment spoils a pair.
const THREE_PAIRS = [...SHORT, '2s', '--min-pairs', '3', '--max-pairs', '6'];
/** The fewest initialisations that are measured where nobody says how many. */
const FEW_INITS = [...THREE_PAIRS, '--init-probes', '5'];
const CONFIG = {
  handler: 'api/graphql.mjs',
  operations: 'operations',
  memory: 1769,
  gate: { metrics: { p50: '50%', init: '50%' } },
};

/** A GraphQL answer after so long, from a module that takes so long to load. */
const handler = (answerMs: number, loadMs: number) => `
const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
spin(${loadMs});
export const handler = async () => {
  spin(${answerMs});
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"data":{"__typename":"Query"}}',
  };
};`;

let repository: string;
let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'bench-gate-cache-'));
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'bench-gate-'));
  mkdirSync(join(repository, 'api'));
  mkdirSync(join(repository, 'operations'));
  write('operations/Type.graphql', 'query Type { __typename }');
  write('api/graphql.mjs', handler(4, 20));
  write('bench.config.json', JSON.stringify(CONFIG));
  write('.gitignore', 'results\n');
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  return () => rmSync(repository, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(repository, name), text);
}

function git(...args: string[]): string {
  const own = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...own, ...args], { cwd: repository, encoding: 'utf8' });
}

function gate(...flags: string[]): Promise<Ended> {
  return runBench(['gate', ...flags], repository);
}

/** The only run's verdict, as it is on disk. */
function verdict(): GateResult {
  const [run] = readdirSync(join(repository, 'results'));
  const file = join(repository, 'results', String(run), 'gate', 'gate.json');
  return gateResultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function gateFile(name: string): string {
  const [run] = readdirSync(join(repository, 'results'));
  return readFileSync(join(repository, 'results', String(run), 'gate', name), 'utf8');
}

const rowOf = (result: GateResult, metric: string) =>
  result.rows.find((row) => row.metric === metric);

describe('bench gate --against', () => {
  test('a module that takes longer to load fails by its init, and the repository stays as it was', async () => {
    write('api/graphql.mjs', handler(4, 200));
    const before = [git('status', '--porcelain'), git('worktree', 'list'), git('config', '--list')];
    const ended = await gate('--against', 'main', ...THREE_PAIRS);
    expect(ended.code, ended.stderr).toBe(99);
    expect(ended.stdout).toMatch(/^FAIL/m);
    const result = verdict();
    expect(result).toMatchObject({ verdict: 'fail', mode: 'paired', advisory: false });
    expect(result.base).toMatchObject({ label: 'main', commit: git('rev-parse', 'main').trim() });
    expect(result.head.note).toMatch(/1 file/);
    expect(rowOf(result, 'init')).toMatchObject({ verdict: 'fail' });
    expect(rowOf(result, 'init')?.change?.low).toBeGreaterThan(1.5);
    expect(rowOf(result, 'p50')?.verdict).not.toBe('fail');
    const [cause] = result.causes;
    expect(cause).toMatchObject({ metric: 'init' });
    expect(cause?.parts[0]).toMatchObject({ part: 'load', shown: true });
    expect(cause?.traces.head?.traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(gateFile('junit.xml')).toMatch(/<failure/);
    expect(gateFile('comment.md')).toMatch(/init/);
    expect(gateFile('summary.md').length).toBeGreaterThan(200);
    const after = [git('status', '--porcelain'), git('worktree', 'list'), git('config', '--list')];
    expect(after).toEqual(before);
  }, 120_000);

  test('a slower answer fails by the handler, and `bench report` says so again from disk', async () => {
    write('api/graphql.mjs', handler(12, 20));
    const ended = await gate('--against', 'HEAD', ...FEW_INITS);
    expect(ended.code, ended.stderr).toBe(99);
    const result = verdict();
    expect(rowOf(result, 'p50')?.verdict).toBe('fail');
    const cause = result.causes.find(({ metric }) => metric === 'p50');
    expect(cause?.parts[0]).toMatchObject({ part: 'handler', shown: true });
    expect(cause?.parts[0]?.growthMs).toBeGreaterThan(5);
    const [run] = readdirSync(join(repository, 'results'));
    const [gateJson, report] = [gateFile('gate.json'), join('results', String(run), 'report.html')];
    rmSync(join(repository, 'results', String(run), 'gate'), { recursive: true });
    const again = await runBench(['report', String(run)], repository);
    expect(again.code, again.stderr).toBe(0);
    expect(gateFile('gate.json')).toBe(gateJson);
    expect(readFileSync(join(repository, report), 'utf8')).toMatch(/FAIL/);
  }, 120_000);

  test('code that is the same passes, and with --skip-same at once', async () => {
    write('README.md', 'nothing of the handler');
    const measured = await gate('--against', 'main', ...FEW_INITS);
    expect(measured.code, measured.stderr + measured.stdout).toBe(0);
    expect(verdict()).toMatchObject({ verdict: 'pass', bundles: [{ same: true }] });
    rmSync(join(repository, 'results'), { recursive: true });
    mkdirSync(join(repository, 'out'));
    write('out/bencher.json', 'of an earlier gate');
    const flags = ['--skip-same', '--output', 'out', ...FEW_INITS];
    const skipped = await gate('--against', 'main', ...flags);
    expect(skipped.code, skipped.stderr).toBe(0);
    const written = ['comment.md', 'gate.json', 'junit.xml', 'report.html', 'summary.md'];
    expect(readdirSync(join(repository, 'out')).toSorted()).toEqual(written);
    expect(verdict()).toMatchObject({ verdict: 'pass', rows: [], rounds: { run: 0 } });
    expect(existsSync(join(repository, 'results', String(verdict().runId), 'trials'))).toBe(false);
  }, 120_000);

  test('answers that fail fast do not pass for fast answers', async () => {
    write(
      'api/graphql.mjs',
      `let calls = 0;\n${handler(4, 20)}`.replace(
        'spin(4);',
        `calls += 1; if (calls % 2 === 0) throw new Error('broken'); spin(4);`,
      ),
    );
    const ended = await gate('--against', 'main', ...FEW_INITS);
    // The smoke test asks once: the first call is answered.
    expect(ended.code, ended.stderr + ended.stdout).toBe(99);
    expect(rowOf(verdict(), 'errorRate')).toMatchObject({ verdict: 'fail', guard: true });
  }, 120_000);
});

describe('bench gate', () => {
  test('holds head to budgets alone', async () => {
    const budgets = { '*': { p50: '1s', init: '1ms' } };
    write('bench.config.json', JSON.stringify({ ...CONFIG, gate: { budgets } }));
    const ended = await gate('--budgets-only', ...FEW_INITS);
    expect(ended.code, ended.stderr + ended.stdout).toBe(99);
    const result = verdict();
    expect(result).toMatchObject({ mode: 'budgets', base: null });
    expect(rowOf(result, 'p50')).toMatchObject({
      kind: 'budget',
      verdict: 'pass',
      tolerance: 1000,
    });
    expect(rowOf(result, 'init')).toMatchObject({ verdict: 'fail', tolerance: 1 });
  }, 120_000);

  test('of a stored baseline only advises, unless it is to be enforced', async () => {
    const run = await runBench(['run', '--rounds', '4', ...SHORT, '2s'], repository);
    expect(run.code, run.stderr).toBe(0);
    const saved = await runBench(['baseline', 'save'], repository);
    expect(saved.code, saved.stderr).toBe(0);
    write('bench-baseline.json', saved.stdout);
    rmSync(join(repository, 'results'), { recursive: true });
    write('api/graphql.mjs', handler(16, 20));
    const flags = ['--baseline', 'bench-baseline.json', ...THREE_PAIRS];
    const advised = await gate(...flags);
    expect(advised.code, advised.stderr + advised.stdout).toBe(0);
    expect(verdict()).toMatchObject({ verdict: 'fail', mode: 'baseline', advisory: true });
    rmSync(join(repository, 'results'), { recursive: true });
    expect((await gate(...flags, '--enforce')).code).toBe(99);
    const other = await gate(...flags, '--memory', '512');
    expect(other.code, other.stderr).toBe(2);
    const longer = await gate('--baseline', 'bench-baseline.json', ...SHORT, '3s');
    expect(longer.code, longer.stderr).toBe(2);
    expect(longer.stderr).toMatch(/^bench: .*hold/m);
    const shown = longer.stderr.split('\n').filter((line) => line.startsWith('bench: '));
    expect(shown).toHaveLength(1);
  }, 180_000);

  test('is interrupted like a run: what was measured stays, nothing else does', async () => {
    const bench = startBench(
      ['gate', '--against', 'main', ...SHORT, '5s', '--init-probes', '5'],
      repository,
    );
    await bench.said(/\[2\/60\]/);
    const below = descendants(bench.pid);
    process.kill(bench.pid, 'SIGINT');
    const ended = await bench.ended;
    expect(ended.code).toBe(130);
    expect(below.length).toBeGreaterThan(1);
    await until(() => !below.some(alive), 2000);
    expect(below.filter(alive)).toEqual([]);
    const [run] = readdirSync(join(repository, 'results'));
    expect(existsSync(join(repository, 'results', String(run), 'run.json'))).toBe(true);
  }, 60_000);

  test.each<[string, string[], RegExp]>([
    ['an unknown ref', ['--against', 'no-such-branch'], /no-such-branch/],
    ['no side to compare with', [], /--against.*--base-handler.*--baseline.*--budgets-only/s],
    ['one handler of two', ['--base-handler', 'api/graphql.mjs'], /--head-handler/],
    ['a tolerance of no percentage', ['--against', 'main', '--metrics', 'p50=slow'], /percentage/],
    ['rounds', ['--against', 'main', '--rounds', '3'], /--rounds.*--min-pairs/s],
    [
      'a build that fails',
      ['--against', 'main', '--build', 'echo compiling; echo cannot find module x >&2; exit 3'],
      /cannot find module x/,
    ],
    ['a p99 of too few requests', ['--against', 'main', '--metrics', 'p99=5%'], /368/],
    ['a baseline that is not there', ['--baseline', 'none.json'], /none\.json/],
  ])(
    '%s: one message, exit 2',
    async (_, flags, message) => {
      const ended = await gate(...flags, ...SHORT, '2s');
      expect(ended.stderr).toMatch(message);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
      expect(ended.stdout).toBe('');
      expect(ended.code, ended.stderr).toBe(2);
    },
    60_000,
  );
});
