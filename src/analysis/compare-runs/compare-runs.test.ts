import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../base/random.ts';
import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import { type Compared, comparedSchema } from '../../model/compared.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import type { Run } from '../../model/run.ts';
import { noPrices } from '../../model/testing/empty.ts';
import { type SampledCell, sampledCell } from '../testing/sampled-cell.ts';
import { runOf } from '../testing/trial-files.ts';
import { compareRuns, type Side } from './compare-runs.ts';

/** Standard normal, by Box and Muller. */
const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function sideOf(
  runId: string,
  sampled: readonly SampledCell[],
  change: (analysis: Analysis) => void = () => {},
): Side {
  const cells = sampled.map(sampledCell);
  const run: Run = { ...runOf(cells.map(({ cell }) => cell)), runId };
  const analysis: Analysis = {
    version: 1,
    run,
    headline: [],
    cells,
    comparisons: [],
    causes: [],
    memoryScaling: [],
    gate: null,
    prices: noPrices(),
    warnings: [],
  };
  change(analysis);
  return { analysis, loads: new Map(), cellId: null };
}

const row = (compared: Compared, figure: string, cell = 0) =>
  compared.cells[cell]?.rows.find((one) => one.figure === figure);

test('two runs: cells by their ids, Welch on the logarithms, adjusted for all comparisons', () => {
  const old = [
    { endpoint: { memoryMb: 512 }, p50: [10, 10.1, 9.9, 10, 10.05] },
    { endpoint: { memoryMb: 1024 }, p50: [10, 10.2, 9.8, 10.1, 9.9] },
    { endpoint: { memoryMb: 2048 }, p50: [5, 5, 5] },
  ];
  const now = [
    { endpoint: { memoryMb: 512 }, p50: [8, 8.1, 7.9, 8, 8.05, 7.95] },
    { endpoint: { memoryMb: 1024 }, p50: [9.9, 10.3, 9.7, 10.2, 10] },
    { endpoint: { memoryMb: 3008 }, p50: [4, 4, 4] },
  ];
  const compared = comparedSchema.parse(compareRuns(sideOf('a', old), sideOf('b', now)));
  expect(compared.test).toBe('between_runs');
  expect(compared.method[0]).toMatch(/^Advisory.*Welch.*run to run/);
  expect(compared.cells.map(({ label }) => label)).toEqual(['512 MB', '1024 MB']);
  expect([compared.onlyOld.length, compared.onlyNew.length]).toEqual([1, 1]);
  expect(compared.adjustment).toEqual({ method: 'benjamini-hochberg', q: 0.1, comparisons: 4 });
  const faster = row(compared, 'p50')?.change;
  expect(faster?.value).toBeCloseTo(0.8, 2);
  expect(faster).toMatchObject({ kind: 'ratio', shown: true, trials: { old: 5, new: 6 } });
  expect(faster?.pAdjusted).toBeGreaterThan(faster?.p as number);
  expect(row(compared, 'p50', 1)?.change).toMatchObject({ shown: false });
  expect(row(compared, 'init')).toMatchObject({ change: null, note: 'nothing was measured' });
});

test('two cells of one run: paired by round, so what slowed a round is in neither', () => {
  const drift = [1, 1.4, 0.7, 1.2, 0.9];
  const side = sideOf('a', [
    { endpoint: { memoryMb: 512 }, p50: drift.map((factor) => 10 * factor) },
    { endpoint: { memoryMb: 1024 }, p50: drift.map((factor, i) => (9 + i * 0.05) * factor) },
  ]);
  const [a, b] = side.analysis.cells.map(({ cell }) => cell.id) as [string, string];
  const compared = compareRuns({ ...side, cellId: a }, { ...side, cellId: b });
  expect(compared.test).toBe('paired');
  expect(compared.cells[0]?.label).toBe('512 MB → 1024 MB');
  expect(compared.differences).toEqual([{ key: 'memory', old: '512 MB', new: '1024 MB' }]);
  expect(row(compared, 'p50')?.change).toMatchObject({ shown: true, trials: { old: 5, new: 5 } });
  // The same values as of two runs: the drift hides it.
  const other = { ...side.analysis, run: { ...side.analysis.run, runId: 'b' } };
  const unpaired = compareRuns({ ...side, cellId: a }, { ...side, analysis: other, cellId: b });
  expect(row(unpaired, 'p50')?.change).toMatchObject({ shown: false });
});

test('one or two trials a side: no test, and a note how many it takes', () => {
  const compared = compareRuns(sideOf('a', [{ p50: [10] }]), sideOf('b', [{ p50: [20] }]));
  expect(row(compared, 'p50')).toMatchObject({
    change: null,
    note: 'a test needs 3 trials a side, here are 1',
  });
  expect(compared.adjustment.comparisons).toBe(0);
});

test('what was gathered under other conditions is refused, with the keys and both values', () => {
  const same = [{ p50: [10, 10, 10] }];
  const refused = (change: (analysis: Analysis) => void) => {
    const compared = compareRuns(sideOf('a', same), sideOf('b', same, change));
    expect(compared.cells).toEqual([]);
    return compared.notCompared[0]?.differences.map(
      ({ key, old, new: now }) => `${key}: ${old}, ${now}`,
    );
  };
  expect(
    refused(({ run }) => Object.assign(run.fingerprint, { cores: 4, cpuMode: 'none' })),
  ).toEqual(['cores: 2, 4', 'CPU in proportion to memory: quota, none']);
  expect(refused(({ run }) => Object.assign(run.fingerprint, { memoryMb: 16_000 }))).toEqual([
    'memory of the machine (MB): 8000, 16000',
  ]);
  expect(refused(({ run }) => Object.assign(run.plan, { target: 'aws' }))?.[0]).toBe(
    'target: local, aws',
  );
  expect(
    refused(({ cells }) =>
      Object.assign((cells[0] as CellAnalysis).cell.profile, { ratePerS: 20 }),
    ),
  ).toEqual(['load: rate (requests/s): 10, 20']);
  expect(
    refused(({ run }) => Object.assign(run.plan, { operations: [{ name: 'A', weight: 1 }] })),
  ).toEqual(['operations: , A 100%']);
});

test('software, seeds and code that differ are named, not refused', () => {
  const same = [{ p50: [10, 10, 10] }];
  const bundle = { backend: 'dynamo', dataLayer: null, server: 'apollo', batching: false };
  const facts = { ...bundle, revision: null, bytes: 1, gzipBytes: null, load: null, init: null };
  const withCode = (sha256: string) => (analysis: Analysis) => {
    analysis.run.bundles = [{ ...facts, sha256 }];
  };
  const compared = compareRuns(
    sideOf('a', same, withCode('a'.repeat(64))),
    sideOf('b', same, (analysis) => {
      withCode('b'.repeat(64))(analysis);
      Object.assign(analysis.run.fingerprint, { k6: '2.3.0', memoryMb: 8010 });
    }),
  );
  expect(compared.differences).toEqual([
    { key: 'k6', old: '2.2.0', new: '2.3.0' },
    { key: 'code (SHA-256)', old: 'aaaaaaaaaaaa', new: 'bbbbbbbbbbbb' },
  ]);
  expect(compared.cells).toHaveLength(1);
});

test('other queries or variables under the same names are refused', () => {
  const load = (query: string, rowsSha256: string): LoadFacts => ({
    requestTimeoutS: 60,
    operations: [{ name: 'Q', query, weight: 1, rows: 5, rowsSha256 }],
  });
  const side = (runId: string, facts: LoadFacts) => {
    const plain = sideOf(runId, [{ p50: [10, 10, 10] }]);
    const id = plain.analysis.cells[0]?.cell.id as string;
    return { ...plain, loads: new Map([[id, facts]]) };
  };
  const keys = (b: LoadFacts) =>
    compareRuns(side('a', load('{ a }', 'x')), side('b', b)).notCompared[0]?.differences.map(
      ({ key }) => key,
    );
  expect(keys(load('{ b }', 'x'))).toEqual(['query of Q']);
  expect(keys(load('{ a }', 'y'))).toEqual(['variables of Q']);
  expect(keys(load('{ a }', 'x'))).toBeUndefined();
});

test('a void cell is not compared; costs of other prices or of less than the whole are not', () => {
  const voided = compareRuns(
    sideOf('a', [{ p50: [10, 10, 10] }]),
    sideOf('b', [{ p50: [10, 10, 10], state: 'void' }]),
  );
  expect(voided.notCompared[0]?.reason).toMatch(/^new is void/);
  const priced = (region: string, lacking: string[]) => (analysis: Analysis) => {
    analysis.prices.region = region;
    for (const cell of analysis.cells) {
      cell.cost = { ...cell.cost, lacking, total: { ...cell.latency.p50, unit: 'usd' } };
      for (const [i, trial] of cell.perTrial.entries()) trial.costUsd = 3 + i / 10;
    }
  };
  const same = [{ p50: [10, 10, 10] }];
  const cost = (region: string, lacking: string[]) =>
    row(
      compareRuns(
        sideOf('a', same, priced('us-east-1', [])),
        sideOf('b', same, priced(region, lacking)),
      ),
      'cost',
    );
  expect(cost('us-east-1', [])?.change).toMatchObject({ value: 1, shown: false });
  expect(cost('eu-west-1', [])?.note).toMatch(/other prices: us-east-1 .*eu-west-1/);
  expect(cost('us-east-1', ['No database.'])?.note).toMatch(/lacks this: No database/);
});

test('failures by the trials’ shares: bursts are no evidence, a change in every trial is', () => {
  const failing = (shares: readonly number[]) => (analysis: Analysis) => {
    for (const cell of analysis.cells) {
      cell.timeline.points = shares.map((share, i) => ({
        trial: i + 1,
        atS: 0,
        phase: 'hold',
        requests: 1000,
        failures: Math.round(share * 1000),
        cold: 0,
        p50Ms: null,
        maxMs: null,
      }));
    }
  };
  const sampled = [{ p50: [10, 10, 10, 10, 10] }];
  const failures = (a: readonly number[], b: readonly number[]) =>
    row(
      compareRuns(sideOf('a', sampled, failing(a)), sideOf('b', sampled, failing(b))),
      'failures',
    );
  const none = [0, 0, 0, 0, 0];
  expect(failures(none, none)).toMatchObject({
    change: null,
    note: expect.stringMatching(/no request failed/),
  });
  // 80 of 5,000 requests in one burst: by requests p would be below 10⁻¹⁸.
  expect(failures(none, [0, 0, 0.08, 0, 0])?.change).toMatchObject({ shown: false });
  // One failure a trial has no spread between trials; three by chance are as likely as one in eight.
  expect(failures([0, 0, 0], [0.001, 0.001, 0.001])?.change).toMatchObject({ shown: false });
  expect(
    failures(
      none,
      none.map(() => 0.02),
    )?.change,
  ).toMatchObject({ shown: true });
  const clear = failures(none, [0.01, 0.012, 0.009, 0.011, 0.01])?.change;
  expect(clear).toMatchObject({ kind: 'difference', shown: true });
  expect(clear?.value).toBeCloseTo(0.0104, 6);
});

test('of documents without any difference at most q show one, and a true one is found (seeded)', () => {
  const random = seededRandom(20261121);
  const trials = (factor: number) =>
    Array.from({ length: 5 }, () => 10 * factor * Math.exp(0.05 * normal(random)));
  const sampled = (factor: number): SampledCell[] =>
    [256, 512, 1024, 2048].map((memoryMb) => ({
      endpoint: { memoryMb },
      p50: trials(memoryMb === 256 ? factor : 1),
      p99: trials(memoryMb === 256 ? factor : 1),
    }));
  const documents = 1500;
  let any = 0;
  let found = 0;
  let falseAmongShown = 0;
  for (let i = 0; i < documents; i += 1) {
    const null_ = compareRuns(sideOf('a', sampled(1)), sideOf('b', sampled(1)));
    const shown = ({ cells }: Compared) =>
      cells.map(({ rows }) => rows.filter(({ change }) => change?.shown === true).length);
    if (shown(null_).some((count) => count > 0)) any += 1;
    const [first = 0, ...others] = shown(
      compareRuns(sideOf('a', sampled(1)), sideOf('b', sampled(1.2))),
    );
    if (first > 0) found += 1;
    const wrong = others.reduce((sum, count) => sum + count, 0);
    if (first + wrong > 0) falseAmongShown += wrong / (first + wrong);
  }
  // 1,500 documents tell a share of .10 within ±.015.
  expect(any / documents).toBeLessThan(0.115);
  expect(any / documents).toBeGreaterThan(0.03);
  expect(falseAmongShown / documents).toBeLessThan(0.115);
  expect(found / documents).toBeGreaterThan(0.95);
});

test('between runs that shift by 3% each, unchanged code shows changes as often as is said (seeded)', () => {
  const random = seededRandom(3);
  const share = (trials: number) => {
    const run = (): SampledCell[] => {
      const shift = 0.03 * normal(random);
      const p50 = () => 10 * Math.exp(shift + 0.03 * normal(random));
      return [{ p50: Array.from({ length: trials }, p50) }];
    };
    let shown = 0;
    for (let i = 0; i < 1500; i += 1) {
      const compared = compareRuns(sideOf('a', run()), sideOf('b', run()));
      if (row(compared, 'p50')?.change?.shown === true) shown += 1;
    }
    return shown / 1500;
  };
  expect(Math.abs(share(5) - 0.34)).toBeLessThan(0.05);
  expect(Math.abs(share(10) - 0.53)).toBeLessThan(0.05);
});
