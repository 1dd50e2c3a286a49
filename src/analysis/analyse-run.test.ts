import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { analysisSchema } from '../model/analysis.ts';
import { runSchema } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import { analyseRun } from './analyse-run.ts';
import { alter, analyse, CELL, ladder } from './testing/analyse.ts';
import { cellOf, runOf, tablesOf, trialOf, writeTrialFiles } from './testing/trial-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-analysis-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a trial without telemetry has request figures and says what is missing', async () => {
  const { cells } = await analyse([
    {
      requests: ladder(400, { bare: true }),
      change: (trial) => {
        trial.collections = [];
        alter({ merge: { withTrace: 0, withReport: 0, withBoth: 0 } })(trial);
      },
    },
  ]);
  const cell = cells[0] as (typeof cells)[0];
  expect(cell.latency.p99.value).toBe(396);
  expect(cell.coldStarts.share).toMatchObject({ value: null, note: expect.any(String) });
  expect(cell.explained.medianUnexplainedMs).toMatchObject({
    value: null,
    note: 'no request was traced',
  });
  expect(cell.waterfalls).toEqual([]);
  const check = cell.validity.checks.find(({ name }) => name === 'trace-coverage');
  expect(check).toMatchObject({ state: 'doubtful', shown: 'there are no traces' });
});

test.each(['requests', 'breakdown', 'spans'])(
  'a trial whose %s.parquet is damaged is left out and named',
  async (table) => {
    const paths = [1, 2].map((n) => join(folder, String(n)));
    for (const path of paths) await writeTrialFiles(path, tablesOf(ladder(50)));
    const file = join(folder, '2', `${table}.parquet`);
    writeFileSync(file, readFileSync(file).subarray(0, 300));
    const trials = paths.map((path, i) => ({ trial: trialOf(CELL.id, i + 1, 50), folder: path }));
    const analysis = await analyseRun({ run: runOf([CELL]), trials });
    expect(analysis.cells[0]).toMatchObject({ trials: 1, requests: 50 });
    expect(analysis.warnings).toMatchObject([
      { code: 'trial-damaged', trial: 2, severity: 'void' },
    ]);
    expect(analysis.warnings[0]?.message).toContain(file);
    expect(analysis.cells[0]?.validity).toMatchObject({
      trials: [
        { trial: 1, used: true },
        { trial: 2, used: false, state: 'void' },
      ],
    });
  },
);

test('a planned cell without a trial is a warning, a cell without Parquet files is void', async () => {
  const other = cellOf(2048);
  const run = runOf([CELL, other]);
  const trial: Trial = { ...trialOf(CELL.id, 1, 0), status: 'failed', engine: null, merge: null };
  const analysis = await analyseRun({ run, trials: [{ trial, folder }] });
  expect(analysisSchema.safeParse(analysis).success).toBe(true);
  expect(analysis.warnings.map(({ code, cellId }) => [code, cellId])).toEqual([
    ['cell-not-measured', other.id],
  ]);
  expect(analysis.cells[0]?.validity.state).toBe('void');
  expect(analysis.cells[0]?.latency.p50.value).toBeNull();
});

test('a run of before there were variants, batching and load times is analysed as it was', async () => {
  const run = JSON.parse(JSON.stringify(runOf([CELL, cellOf(2048)])));
  run.bundles = [{ backend: 'dynamo', server: 'apollo', bytes: 1000, sha256: 'ab' }];
  delete run.plan.operations;
  delete run.plan.variants;
  for (const { endpoint } of run.plan.cells) {
    for (const key of ['variant', 'dataLayer', 'batching']) delete endpoint[key];
  }
  const trials = [];
  for (const memoryMb of [1024, 2048]) {
    for (const n of [1, 2, 3]) {
      const path = join(folder, String(memoryMb), String(n));
      await writeTrialFiles(path, tablesOf(ladder(400, { backendMs: 0.5 })));
      trials.push({ trial: trialOf(cellOf(memoryMb).id, n, 400), folder: path });
    }
  }
  const analysis = analysisSchema.parse(await analyseRun({ run: runSchema.parse(run), trials }));
  expect(analysis.comparisons.map(({ factor }) => factor)).toEqual(['memoryMb']);
  expect(analysis.comparisons[0]?.panels[0]?.members[1]?.ratios?.p50).toMatchObject({ value: 1 });
  expect(analysis.causes).toEqual([]);
});
