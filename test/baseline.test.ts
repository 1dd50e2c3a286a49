import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { readBaseline } from '../src/gate/baseline/read.ts';
import { baselineSchema } from '../src/model/gate.ts';
import type { Run } from '../src/model/run.ts';
import { memoryOf } from '../src/model/testing/an-endpoint.ts';
import { runFolder } from '../src/store/run-store.ts';
import { runBench } from './bench.ts';

const SHORT = '20261120-100000-aaaa';
const WHOLE = '20261121-100000-bbbb';
const CELL = cellOf(1024).id;
const USER = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-baseline-test-'));
  await makeRun(SHORT, { 1024: 2 });
  await makeRun(WHOLE, { 512: 1, 1024: 3 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A run with so many trials by memory size. */
async function makeRun(runId: string, trials: Record<number, number>) {
  const folder = runFolder(join(cwd, 'results'), runId);
  const run: Run = { ...runOf(Object.keys(trials).map((size) => cellOf(Number(size)))), runId };
  folder.writeRun(run);
  for (const cell of run.plan.cells) {
    for (let trial = 1; trial <= (trials[memoryOf(cell)] ?? 0); trial += 1) {
      const requests = Array.from({ length: 400 }, (_, i) => ({
        totalMs: trial + 10 + ((i * 101) % 400) / 40,
        backendMs: 2,
      }));
      const files = folder.trialFolder(cell.id, trial);
      await writeTrialFiles(files.path, tablesOf(requests));
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

function git(...args: string[]): string {
  return execFileSync('git', [...USER, ...args], { cwd, encoding: 'utf8' }).trim();
}

test('the latest run as JSON, of cells with three trials, with the commit that is checked out', async () => {
  const outside = await runBench(['baseline', 'save'], cwd);
  expect(outside.code).toBe(0);
  const bare = baselineSchema.parse(JSON.parse(outside.stdout));
  expect(bare).toMatchObject({ runId: WHOLE, commit: null });
  expect(bare.cells.map(({ cellId, trials }) => [cellId, trials.length])).toEqual([[CELL, 3]]);
  expect(outside.stderr).toBe(`left out: ${cellOf(512).id} has 1 of the 3 trials that count\n`);
  const p50s = bare.cells[0]?.trials.map(({ values }) => values.p50) as number[];
  // Each trial is a millisecond slower than the one before.
  expect((p50s[2] as number) - (p50s[0] as number)).toBeCloseTo(2, 1);
  expect(bare.cells[0]?.trials[0]?.values).toMatchObject({ errorRate: 0 });

  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  const args = ['baseline', 'save', '--run', '20261121', '--output', 'bench-baseline.json'];
  const inside = await runBench(args, cwd);
  expect(inside).toMatchObject({ code: 0, stdout: 'baseline: bench-baseline.json\n' });
  const written = readBaseline(join(cwd, 'bench-baseline.json'));
  expect(written).toEqual({ ...bare, commit: git('rev-parse', 'HEAD') });
});

test.each<[string[], RegExp]>([
  [['--run', SHORT], new RegExp(`needs 3 trials of a cell that count.*${CELL} has 2`)],
  [['--run', 'nothing'], /"nothing" is not a run in/],
  [['--output', 'missing/bench-baseline.json'], /cannot write .*: its folder does not exist/],
])('%j ends with one message', async (flags, message) => {
  const { code, stdout, stderr } = await runBench(['baseline', 'save', ...flags], cwd);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
