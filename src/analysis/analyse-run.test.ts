import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { analysisSchema, type CellAnalysis } from '../model/analysis.ts';
import { type Cell, runSchema } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import { analyseRun } from './analyse-run.ts';
import {
  cellOf,
  type MadeRequest,
  runOf,
  tablesOf,
  trialOf,
  writeTrialFiles,
} from './testing/trial-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-analysis-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  cell: Cell;
  requests: MadeRequest[];
  change?: (trial: Trial) => void;
}

/** Writes the trials, analyses them, and checks the result against its schema. */
async function analyse(made: readonly Made[]) {
  const cells = [...new Set(made.map(({ cell }) => cell))];
  const seen = new Map<string, number>();
  const trials = [];
  for (const { cell, requests, change } of made) {
    const number = (seen.get(cell.id) ?? 0) + 1;
    seen.set(cell.id, number);
    const path = join(folder, cell.id, String(number));
    await writeTrialFiles(path, tablesOf(requests));
    const trial = trialOf(cell.id, number, requests.length);
    change?.(trial);
    trials.push({ trial, folder: path });
  }
  return analysisSchema.parse(await analyseRun({ run: runOf(cells), trials }));
}

/** Changes single fields of a trial's record. */
function alter(fields: { [Part in 'engine' | 'host' | 'merge']?: object }) {
  return (trial: Trial) => {
    if (trial.engine !== null) Object.assign(trial.engine, fields.engine);
    if (trial.host !== null) Object.assign(trial.host, fields.host);
    if (trial.merge !== null) Object.assign(trial.merge, fields.merge);
  };
}

/** 1, 2, … n milliseconds, in an order that is not theirs. */
const ladder = (n: number, more: Partial<MadeRequest> = {}): MadeRequest[] =>
  Array.from({ length: n }, (_, i) => ({ totalMs: ((i * 101) % n) + 1, ...more }));
const CELL = cellOf(1024);

test('one trial: quantiles of its hold with the exact interval, and what is too rare is not stated', async () => {
  const { cells } = await analyse([{ cell: CELL, requests: ladder(400) }]);
  const { latency, holdRequests, rateReached } = cells[0] as (typeof cells)[0];
  expect(holdRequests).toBe(400);
  expect(latency.p50).toMatchObject({ value: 200, interval: 'within_trial', n: 400, trials: 1 });
  expect(latency.p99).toMatchObject({ value: 396, interval: 'within_trial', high: 400 });
  expect(latency.p999).toMatchObject({
    value: null,
    note: 'p99.9 needs 1,000 requests, this has 400',
  });
  expect(latency.max).toMatchObject({ value: 400, interval: 'none' });
  expect(rateReached).toMatchObject({ value: 10, interval: 'none' });
});

test('a quantile without enough requests for its interval says how many it needs', async () => {
  const { cells } = await analyse([{ cell: CELL, requests: ladder(120) }]);
  expect(cells[0]?.latency.p99).toMatchObject({
    value: 119,
    low: null,
    high: null,
    interval: 'none',
    note: 'an interval of p99 needs 368 requests, this has 120',
  });
});

test('several trials: the geometric mean of their quantiles with the t interval on logs', async () => {
  const scaled = (factor: number) =>
    ladder(200).map((r) => ({ ...r, totalMs: r.totalMs * factor }));
  const { cells } = await analyse(
    [1, 2, 4].map((factor) => ({ cell: CELL, requests: scaled(factor) })),
  );
  const p50 = cells[0]?.latency.p50;
  // Medians 100, 200, 400: mean log = ln 200, sd = ln 2, t(.975, 2) = 4.3027
  const factor = Math.exp((4.302652729911275 * Math.log(2)) / Math.sqrt(3));
  expect(p50?.interval).toBe('trials_t');
  expect(p50?.value).toBeCloseTo(200, 6);
  expect(p50?.low).toBeCloseTo(200 / factor, 4);
  expect(p50?.high).toBeCloseTo(200 * factor, 4);
  expect(cells[0]?.curves.map(({ trial }) => trial)).toEqual([1, 2, 3]);
});

test('latency is of hold and ok only; failures and cold shares are of all phases', async () => {
  const requests: MadeRequest[] = [
    ...ladder(20, { phase: 'warm_up', cold: true, initMs: 0.5 }),
    ...ladder(70, { phase: 'hold' }),
    ...ladder(10, { phase: 'hold', outcome: 'graphql_error', error: 'no such user' }),
  ].map((r, i) => (i >= 90 ? { ...r, totalMs: 9000 } : r));
  const { cells } = await analyse([
    { cell: CELL, requests, change: alter({ engine: { droppedIterations: 5 } }) },
  ]);
  const cell = cells[0] as (typeof cells)[0];
  expect(cell.latency.max.value).toBe(70);
  expect(cell.failureShare).toMatchObject({ value: 15 / 105, interval: 'wilson', n: 105 });
  expect(cell.failures).toEqual([
    { outcome: 'graphql_error', error: 'no such user', requests: 10 },
    { outcome: 'dropped_iteration', error: expect.any(String), requests: 5 },
  ]);
  expect(cell.coldStarts.share).toMatchObject({ value: 0.2, n: 100 });
  expect(cell.outcomes).toMatchObject({ ok: 90, graphql_error: 10, network_error: 0 });
  expect(cell.validity.state).toBe('void');
});

test('bands: ranks of the whole hold, parts that sum to the total', async () => {
  const requests = ladder(1000).map((r) => ({
    ...r,
    backendMs: r.totalMs / 2,
    ...(r.totalMs > 993 ? { cold: true, initMs: r.totalMs / 4 } : {}),
  }));
  const { cells } = await analyse([{ cell: CELL, requests }]);
  const bands = new Map(cells[0]?.bands.map((band) => [band.band, band]));
  expect(bands.get('median')).toMatchObject({ requests: 100, meanTotalMs: 500.5 });
  expect(bands.get('above_p99')).toMatchObject({ requests: 10, coldRequests: 7 });
  expect(bands.get('above_p999')).toMatchObject({ requests: 1, meanTotalMs: 1000 });
  expect(bands.get('all')).toMatchObject({ requests: 1000 });
  for (const { meanPartsMs, meanTotalMs } of bands.values()) {
    const sum = Object.values(meanPartsMs).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(meanTotalMs, 6);
  }
  expect(cells[0]?.explained.maxSumErrorMs).toBe(0);
});

test('cold starts: penalty is the difference of medians', async () => {
  const requests: MadeRequest[] = [
    { totalMs: 300, cold: true, initMs: 200 },
    { totalMs: 340, cold: true, initMs: 240 },
    { totalMs: 320, cold: true, initMs: 220 },
    ...ladder(99),
  ];
  const { cells } = await analyse([{ cell: CELL, requests }]);
  const cold = cells[0]?.coldStarts;
  expect(cold).toMatchObject({ requests: 3, environments: 4, prewarmed: 0 });
  expect(cold?.medianInitMs.value).toBe(220);
  expect(cold?.medianTotalMs.value).toBe(320);
  expect(cold?.penaltyMs.value).toBe(270);
  expect(cold?.samples.map(({ atS, initMs }) => [atS, initMs])).toEqual([
    [0, 200],
    [0.1, 240],
    [0.2, 220],
  ]);
});

test('waterfalls: the slowest, the median and a cold request, with bars from its start', async () => {
  const requests = [...ladder(99), { totalMs: 500, cold: true, initMs: 400 }];
  const { cells } = await analyse([{ cell: CELL, requests }]);
  const found = cells[0]?.waterfalls.map(({ kind, totalMs }) => [kind, totalMs]);
  expect(found).toEqual([
    ['slowest', 500],
    ['slowest', 99],
    ['slowest', 98],
    ['median', 50],
    ['cold', 500],
  ]);
  const bars = cells[0]?.waterfalls[0]?.spans;
  expect(bars?.map(({ name, depth }) => [name, depth])).toEqual([
    ['blocked', 0],
    ['sending', 0],
    ['waiting', 0],
    ['receiving', 0],
    ['f', 1],
  ]);
  expect(bars?.at(-1)).toMatchObject({ startMs: 0, endMs: 500 });
});

test('the time line has a point a second, with failures and cold starts where they were', async () => {
  const requests = ladder(30).map((r, i): MadeRequest => {
    if (i === 3) return { ...r, cold: true };
    return i === 25 ? { ...r, outcome: 'http_error', error: 'status 502' } : r;
  });
  const { cells } = await analyse([{ cell: CELL, requests }]);
  const { binS, points } = cells[0]?.timeline ?? { binS: 0, points: [] };
  expect(binS).toBe(1);
  expect(points.map(({ atS, requests: n, cold, failures }) => [atS, n, cold, failures])).toEqual([
    [0, 10, 1, 0],
    [1, 10, 0, 0],
    [2, 10, 0, 1],
  ]);
});

test('a trial without telemetry has request figures and says what is missing', async () => {
  const { cells } = await analyse([
    {
      cell: CELL,
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

test('broken trials are left out; alone they are shown and void', async () => {
  const failed = (trial: Trial) => {
    trial.status = 'interrupted';
  };
  const both = await analyse([
    { cell: CELL, requests: ladder(400) },
    { cell: CELL, requests: ladder(50), change: failed },
  ]);
  expect(both.cells[0]).toMatchObject({ trials: 1, requests: 400 });
  expect(both.cells[0]?.validity.state).toBe('doubtful');
  const alone = await analyse([{ cell: CELL, requests: ladder(50), change: failed }]);
  expect(alone.cells[0]).toMatchObject({ trials: 1, requests: 50 });
  expect(alone.cells[0]?.validity.state).toBe('void');
  expect(alone.headline[0]).toBe('No figure of this run can be relied on.');
});

test('why a trial broke off is said by one check', async () => {
  const warning = (code: string, message: string) => ({ code, severity: 'void' as const, message });
  const failed = (trial: Trial) => {
    trial.status = 'failed';
    trial.warnings = [warning('trial-failed', 'the database ended')];
  };
  const worse = (cells: CellAnalysis[]) =>
    cells[0]?.validity.checks
      .filter(({ state }) => state === 'void' || state === 'doubtful')
      .map(({ name, shown }) => [name, shown]);
  const alone = await analyse([{ cell: CELL, requests: ladder(400), change: failed }]);
  expect(worse(alone.cells)).toEqual([
    [
      'finished-trials',
      'all (the database ended): the figures are of what was measured until then',
    ],
  ]);
  const both = await analyse([
    { cell: CELL, requests: ladder(400) },
    { cell: CELL, requests: ladder(400), change: failed },
  ]);
  expect(worse(both.cells)).toEqual([['finished-trials', '1, left out (the database ended)']]);
});

test.each([
  [9, ['dropped-iterations']],
  [1, ['dropped-iterations', 'voiding-warnings']],
])(
  'a voiding warning of %i dropped arrivals is a check where none voids for it',
  async (n, names) => {
    const { cells } = await analyse([
      {
        cell: CELL,
        requests: ladder(1500),
        change: (trial) => {
          alter({ engine: { droppedIterations: n, scheduledIterations: 1500 + n } })(trial);
          trial.warnings = [
            { code: 'dropped-iterations', severity: 'void', message: `k6 dropped ${n}` },
          ];
        },
      },
    ]);
    const { checks, state } = cells[0]?.validity ?? { checks: [], state: null };
    const bad = checks.filter((c) => c.state === 'void' || c.state === 'doubtful');
    expect(bad.map(({ name }) => name)).toEqual(names);
    expect(state).toBe('void');
  },
);

test('a trial whose Parquet file is damaged is left out and named', async () => {
  const paths = [1, 2].map((n) => join(folder, String(n)));
  for (const path of paths) await writeTrialFiles(path, tablesOf(ladder(50)));
  const file = join(folder, '2', 'requests.parquet');
  writeFileSync(file, readFileSync(file).subarray(0, 300));
  const trials = paths.map((path, i) => ({ trial: trialOf(CELL.id, i + 1, 50), folder: path }));
  const analysis = await analyseRun({ run: runOf([CELL]), trials });
  expect(analysis.cells[0]).toMatchObject({ trials: 1, requests: 50 });
  expect(analysis.warnings).toMatchObject([{ code: 'trial-damaged', trial: 2, severity: 'void' }]);
  expect(analysis.warnings[0]?.message).toContain(file);
});

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

test.each([
  ['dropped-iterations', { engine: { droppedIterations: 9, scheduledIterations: 409 } }, 'void'],
  ['schedule', { engine: { scheduledIterations: 405 } }, 'doubtful'],
  ['generator-cpu', { engine: { cpuUs: 60e6 } }, 'doubtful'],
  ['host-wait', { host: { hostWaitUs: 60e6 } }, 'void'],
  ['init-queue', { host: { initQueueUs: 5e4 } }, 'doubtful'],
  ['host-refusals', { host: { hostRefusals: 1 } }, 'void'],
  ['throttles', { host: { throttles: 1 } }, 'doubtful'],
  ['lost-datagrams', { host: { lostDatagrams: 2 } }, 'doubtful'],
  ['cpu-quota', { host: { cpuMode: 'none' } }, 'doubtful'],
  ['lost-samples', { merge: { lostSamples: 1 } }, 'doubtful'],
  ['damaged-data', { merge: { damaged: 1 } }, 'doubtful'],
  ['negative-parts', { merge: { negativeParts: 40 } }, 'doubtful'],
  ['report-coverage', { merge: { withReport: 390 } }, 'doubtful'],
] as const)('validity: %s', async (name, change, state) => {
  const requests = [{ totalMs: 150, cold: true, initMs: 100 }, ...ladder(399)];
  const { cells } = await analyse([{ cell: CELL, requests, change: alter(change) }]);
  const { checks, state: overall } = cells[0]?.validity ?? { checks: [], state: null };
  expect(
    checks
      .filter((c) => c.state !== 'sound' && c.state !== 'unknown')
      .map((c) => [c.name, c.state]),
  ).toEqual([[name, state]]);
  expect(overall).toBe(state);
});

test('calls to the backend and their time, of traced requests alone', async () => {
  const requests = ladder(100).map(
    (r, i): MadeRequest => ({
      ...r,
      operation: i % 4 === 0 ? 'Users' : 'User',
      backendCalls: i % 4 === 0 ? 10 : 1,
      backendMs: r.totalMs / 2,
      bare: i === 7,
    }),
  );
  const { cells } = await analyse([
    { cell: CELL, requests },
    { cell: CELL, requests },
  ]);
  const [cell] = cells;
  expect(cell?.backend).toMatchObject({ tracedRequests: 198, callsMedian: { value: 1 } });
  expect(cell?.backend.callsMean).toMatchObject({ value: (25 * 10 + 74) / 99, unit: 'count' });
  expect(cell?.backend.medianMs.value).toBeCloseTo(25, 0);
  const shown = cell?.byOperation.map((row) => [
    row.operation,
    row.meanBackendCalls,
    row.medianBackendCalls,
    row.maxBackendCalls,
  ]);
  expect(shown).toEqual([
    ['User', 1, 1, 1],
    ['Users', 10, 10, 10],
  ]);
  expect(cell?.perTrial.map(({ trial, p50Ms, p99Ms }) => [trial, p50Ms, p99Ms])).toEqual([
    [1, 50, 99],
    [2, 50, 99],
  ]);
});

test('a handler without a traced call has no backend figures, not those of none', async () => {
  const { cells } = await analyse([
    { cell: CELL, requests: ladder(50, { backendCalls: 0, backendMs: 0 }) },
  ]);
  const note = 'no call of the handler was traced; backend time is part of handler';
  expect(cells[0]?.backend).toMatchObject({
    tracedRequests: 50,
    callsMean: { value: null, note },
    medianMs: { value: null, note },
  });
  expect(cells[0]?.byOperation[0]).toMatchObject({ meanBackendCalls: null, maxBackendCalls: null });
  const { cells: bare } = await analyse([{ cell: CELL, requests: ladder(50, { bare: true }) }]);
  expect(bare[0]?.backend.callsMean.note).toBe('no request was traced');
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
