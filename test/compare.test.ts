import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cellOf,
  runOf,
  tablesOf,
  trialOf,
  writeTrialFiles,
} from '../src/analysis/testing/trial-files.ts';
import { analysisSchema } from '../src/model/analysis.ts';
import { comparedSchema } from '../src/model/compared.ts';
import type { Run } from '../src/model/run.ts';
import { memoryOf } from '../src/model/testing/an-endpoint.ts';
import { runFolder } from '../src/store/run-store.ts';
import { runBench } from './bench.ts';

const OLD = '20261120-100000-aaaa';
const NEW = '20261121-100000-bbbb';
const OTHER = '20261122-100000-cccc';
const SIZES = [512, 1024];
const TRIALS = [1, 2, 3, 4];
/** A trial that lacks a table would be merged again. */
const METRIC = { namespace: 'AWS/Lambda', metric: 'Invocations', value: 400 };

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-compare-test-'));
  await makeRun(OLD, () => 1);
  await makeRun(NEW, (memoryMb) => (memoryMb === 1024 ? 0.8 : 1));
  await makeRun(
    OTHER,
    () => 1,
    (run) => {
      run.fingerprint.cpuModel = 'another';
      run.fingerprint.cores = 64;
    },
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A run of two sizes and four rounds, each a few percent slower than the one before. */
async function makeRun(
  runId: string,
  factorOf: (memoryMb: number) => number,
  change: (run: Run) => void = () => {},
) {
  const folder = runFolder(join(cwd, 'results'), runId);
  const run: Run = { ...runOf(SIZES.map(cellOf)), runId };
  run.plan.rounds = TRIALS.length;
  change(run);
  folder.writeRun(run);
  for (const cell of run.plan.cells) {
    for (const trial of TRIALS) {
      const scale = factorOf(memoryOf(cell)) * (1 + trial / 100);
      const requests = Array.from({ length: 400 }, (_, i) => ({
        totalMs: scale * (10 + ((i * 101) % 400) / 40),
        backendMs: 2 * scale,
      }));
      const files = folder.trialFolder(cell.id, trial);
      await writeTrialFiles(files.path, { ...tablesOf(requests), metrics: [METRIC] });
      const plan = {
        requestTimeoutS: 60,
        operations: [{ name: 'Tweet', query: '{ tweet }', weight: 1, rows: 5, rowsSha256: 'r' }],
      };
      mkdirSync(files.rawPath, { recursive: true });
      writeFileSync(join(files.rawPath, 'load-plan.json'), JSON.stringify(plan));
      files.write(trialOf(cell.id, trial, requests.length));
    }
  }
}

test('two runs from their folders: what changed is shown, what did not is ~', async () => {
  const { code, stdout, stderr } = await runBench(['compare', '20261120', NEW], cwd);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const p50 = stdout.slice(stdout.indexOf('\np50'), stdout.indexOf('\np95'));
  expect(p50).toMatch(/1024 MB │ .*│ -20\.00% .* n=4\)/);
  expect(p50).toMatch(/512 MB +│ .*│ +~ .* n=4\)/);
  expect(stdout).toMatch(/cost per million requests/);
  expect(stdout).toMatch(/^Advisory: between two runs, by Welch/m);
});

test('two cells of one run are paired; --json is by its schema', async () => {
  const cells = SIZES.map((size) => `${NEW}:dynamo-${size}`);
  const { code, stdout } = await runBench(['compare', ...cells, '--json'], cwd);
  expect(code).toBe(0);
  const compared = comparedSchema.parse(JSON.parse(stdout));
  expect(compared.test).toBe('paired');
  const p50 = compared.cells[0]?.rows.find(({ figure }) => figure === 'p50');
  expect(p50?.change).toMatchObject({ shown: true, trials: { old: 4, new: 4 } });
  expect(p50?.change?.value).toBeCloseTo(0.8, 3);
});

test('an analysis that is of now is read, one that is older than its trials is not', async () => {
  const folder = join(cwd, 'results', OLD);
  const reported = await runBench(['report', folder], cwd);
  expect(reported.code).toBe(0);
  const path = join(folder, 'analysis.json');
  const analysis = analysisSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const p50 = analysis.cells[0]?.latency.p50;
  if (p50 === undefined) throw new Error('no p50');
  // A mark by which the stored analysis is told from a new one.
  p50.value = 12_345;
  writeFileSync(path, JSON.stringify(analysis));
  const marked = await runBench(['compare', OLD, 'latest:dynamo-512'], cwd);
  expect(marked.stderr).toMatch(/name a cell of both/);
  const read = await runBench(['compare', OLD, NEW], cwd);
  expect(read.stdout).toMatch(/12\.3 s/);
  const trial = runFolder(join(cwd, 'results'), OLD).trials()[0];
  trial?.write({ ...trialOf(trial.cellId, trial.trial, 400) });
  const again = await runBench(['compare', OLD, NEW], cwd);
  expect(again.stdout).not.toMatch(/12\.3 s/);
  rmSync(path);
});

test('report: another region and objective change the analysis and not run.json', async () => {
  const run = join(cwd, 'results', NEW, 'run.json');
  const before = readFileSync(run, 'utf8');
  const args = ['report', NEW, '--format', 'json', '--region', 'eu-west-1', '--slo', 'p50=15ms'];
  const { code, stdout, stderr } = await runBench(args, cwd);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { run: analysed, prices } = analysisSchema.parse(JSON.parse(stdout));
  expect(analysed.plan.slo).toEqual({ quantile: 'p50', ms: 15 });
  expect([analysed.plan.region, prices.region]).toEqual(['eu-west-1', 'eu-west-1']);
  expect(readFileSync(run, 'utf8')).toBe(before);
});

test.each<[string[], RegExp]>([
  [['compare', OLD], /missing required argument 'new'/],
  [['compare', OLD, 'nothing'], /"nothing" is not a run in/],
  [['compare', OLD, OLD], /both sides are the run .*name two of its cells/],
  [['compare', `${OLD}:dynamo-5`, `${OLD}:dynamo-512`], /both sides are dynamo-512-/],
  [['compare', `${OLD}:dynamo`, `${OLD}:dynamo-512`], /"dynamo" means 2 cells/],
  [['compare', `${OLD}:`, NEW], /is not a run, and not RUN:CELL/],
  [['compare', OLD, OTHER], /CPU model: x → another\n +cores: 2 → 64/],
  [['report', OLD, '--region', 'mars-1'], /--region: "mars-1" is unknown; choose from us-east-1/],
  [['report', OLD, '--slo', 'p42=1ms'], /--slo: "p42" is unknown/],
])('%j ends with one message', async (args, message) => {
  const { code, stdout, stderr } = await runBench(args, cwd);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at /);
});
