import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisSchema } from '../src/model/analysis.ts';
import { PARTS } from '../src/model/tables.ts';
import { findRun } from '../src/store/run-store.ts';
import { type Ended, runBench } from './bench.ts';
import { rows } from './kept.ts';

/** The main job with little load: real k6, real environments, real DynamoDB protocol. */
const LOAD = ['--rate', '20', '--warm-up', '1s', '--ramp', '2s', '--hold', '4s'];

let cwd: string;
let ended: Ended;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-main-job-'));
  ended = await runBench(
    ['run', '--backend', 'dynamo', '--memory', '512,1024', '--keep-raw', ...LOAD],
    cwd,
    {
      ...process.env,
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'loaded-modules.ts')}`,
      LOADED_MODULES: join(cwd, 'loaded'),
    },
  );
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const all = (table: string) => `'${cwd}/results/*/trials/*/*/${table}.parquet'`;

describe('bench run', () => {
  test('ends well, with a table and the path of the report as its last line', () => {
    expect(ended.stderr).toMatch(/^run \d{8}-\d{6}-\w{4}: 2 trials, about/m);
    expect(ended.code, ended.stderr).toBe(0);
    const lines = ended.stdout.trimEnd().split('\n');
    const path = /^report: (results\/\S+\/report\.html)$/.exec(lines.at(-1) ?? '')?.[1];
    expect(existsSync(join(cwd, String(path)))).toBe(true);
    expect(ended.stdout).toMatch(/512/);
    expect(ended.stdout).toMatch(/p99/);
  });

  test('nothing is loaded that only AWS needs', () => {
    const loaded = readFileSync(join(cwd, 'loaded'), 'utf8').split('\n');
    const packages = loaded.flatMap(
      (url) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(url)?.[1] ?? [],
    );
    expect(packages).toContain('commander');
    expect(packages).toContain('@aws-sdk/client-xray');
    const only =
      /^(aws-cdk-lib|constructs|@aws-cdk\/.*|@aws-sdk\/client-(cloudformation|s3|sts|secrets-manager))$/;
    expect(packages.filter((name) => only.test(name))).toEqual([]);
  });

  test('every request that reached an environment has its trace and its REPORT line', async () => {
    const [counts] = await rows(`
      SELECT count(*)::INT AS requests, count(i.request_id)::INT AS reports,
             count(DISTINCT s.trace_id)::INT AS traces
      FROM ${all('requests')} r
      LEFT JOIN ${all('invocations')} i ON i.trace_id = r.trace_id
      LEFT JOIN ${all('spans')} s ON s.trace_id = r.trace_id AND s.role = 'function'`);
    expect(counts).toMatchObject({ requests: 2 * 110, reports: 2 * 110, traces: 2 * 110 });
  });

  test('every answer is right, and its backend calls are seen', async () => {
    const outcomes = await rows(
      `SELECT outcome, count(*)::INT AS n FROM ${all('requests')} GROUP BY ALL`,
    );
    expect(outcomes).toEqual([{ outcome: 'ok', n: 220 }]);
    const [calls] = await rows<{ least: number }>(
      `SELECT min(backend_calls) AS least FROM ${all('breakdown')}`,
    );
    expect(Number(calls?.least)).toBeGreaterThanOrEqual(1);
  });

  test("a breakdown's parts sum to its total", async () => {
    const sum = PARTS.map((part) => `coalesce(${part}_us, 0)`).join(' + ');
    const [worst] = await rows<{ us: number }>(
      `SELECT max(abs(total_us - (${sum})))::INT AS us FROM ${all('breakdown')}`,
    );
    expect(Number(worst?.us)).toBeLessThanOrEqual(100);
  });

  test('the first requests of each cell were cold, and both views agree on it', async () => {
    const [cold] = await rows<{ cold: number; agreeing: number }>(`
      SELECT count(*) FILTER (i.first_in_environment)::INT AS cold,
             count(*) FILTER (i.first_in_environment AND s.trace_id IS NOT NULL)::INT AS agreeing
      FROM ${all('invocations')} i
      LEFT JOIN ${all('spans')} s ON s.trace_id = i.trace_id AND s.role = 'init'`);
    expect(Number(cold?.cold)).toBeGreaterThanOrEqual(2);
    expect(cold?.agreeing).toBe(cold?.cold);
  });

  test('the run says what it was made with, and holds no secret', () => {
    const run = findRun(join(cwd, 'results'), undefined);
    const { fingerprint, status } = run.readRun();
    expect(status).toBe('finished');
    expect(fingerprint.k6).toMatch(/^2\./);
    const analysis = analysisSchema.parse(JSON.parse(readFileSync(run.analysisPath, 'utf8')));
    expect(analysis.cells).toHaveLength(2);
    expect(analysis.headline[0]).toMatch(/ms/);
  });
});

describe('from disk', () => {
  test('report makes the same page, Markdown and JSON without load', async () => {
    const html = await runBench(['report'], cwd);
    expect(html.stdout).toMatch(/^report: results\/.*report\.html$/m);
    const markdown = await runBench(['report', '--format', 'md'], cwd);
    expect(markdown.stdout).toMatch(/^#/);
    const json = await runBench(['report', '--format', 'json'], cwd);
    expect(analysisSchema.parse(JSON.parse(json.stdout)).cells).toHaveLength(2);
    const ls = await runBench(['ls'], cwd);
    expect(ls.stdout).toMatch(/finished\s+2 of 2\s+dynamo-512-rest-api-apollo-x1-ramp and 1 more/);
  });

  test('a cut-off sample file is read as far as it is whole, and said to be', async () => {
    const run = findRun(join(cwd, 'results'), undefined);
    const [trial] = run.trials();
    if (trial === undefined) throw new Error('no trial');
    const samples = join(trial.rawPath, 'k6.csv');
    truncateSync(samples, Math.floor(readFileSync(samples).length * 0.6));
    for (const table of ['requests', 'invocations', 'spans', 'metrics', 'breakdown']) {
      rmSync(join(trial.path, `${table}.parquet`));
    }
    const { code, stdout } = await runBench(['report', '--format', 'json'], cwd);
    expect(code).toBe(0);
    const analysis = analysisSchema.parse(JSON.parse(stdout));
    const cut = analysis.cells.find((cell) => cell.cell.id === trial.cellId);
    expect(cut?.requests).toBeGreaterThan(20);
    expect(cut?.requests).toBeLessThan(110);
    expect(cut?.validity.state).not.toBe('sound');
  });

  test('a damaged record costs its trial only, and is named', async () => {
    const run = findRun(join(cwd, 'results'), undefined);
    const [trial] = run.trials();
    writeFileSync(join(String(trial?.path), 'trial.json'), '{"version": 1, ');
    const { code, stdout } = await runBench(['report', '--format', 'json'], cwd);
    expect(code).toBe(0);
    const analysis = analysisSchema.parse(JSON.parse(stdout));
    expect(analysis.warnings.map((warning) => warning.message).join()).toMatch(
      /trial\.json cannot be read/,
    );
  });

  test('a damaged run is one message', async () => {
    const run = findRun(join(cwd, 'results'), undefined);
    writeFileSync(join(run.path, 'run.json'), '{}');
    const { code, stderr } = await runBench(['report'], cwd);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bench: .*run\.json is damaged or of another version: \w+/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
