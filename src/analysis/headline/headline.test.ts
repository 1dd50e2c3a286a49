import { expect, test } from 'vitest';
import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import { noColdStarts, noCost } from '../../model/testing/empty.ts';
import { compareCells } from '../compare/comparisons.ts';
import { sampledCell } from '../testing/sampled-cell.ts';
import { cellOf } from '../testing/trial-files.ts';
import { headline } from './headline.ts';

function figure(
  value: number | null,
  low: number | null,
  high: number | null,
  interval: Figure['interval'] = 'trials_t',
  unit: Figure['unit'] = 'ms',
): Figure {
  return { value, unit, low, high, interval, n: 1000, trials: 5 };
}

/** What sentences are made of; the rest of an analysis is not looked at. */
function cell(
  memoryMb: number,
  p99: Figure,
  more: { state?: 'sound' | 'doubtful' | 'void'; cold?: number; p50?: Figure } = {},
): CellAnalysis {
  const { state = 'sound', cold = 0 } = more;
  const parts = Object.fromEntries(
    PARTS.map((part) => [part, part === 'backend' ? 6 : 0.5]),
  ) as CellAnalysis['bands'][0]['meanPartsMs'];
  const band = (name: 'median' | 'above_p99', coldRequests: number): CellAnalysis['bands'][0] => ({
    band: name,
    fromQuantile: 0,
    toQuantile: 1,
    requests: 100,
    coldRequests,
    meanPartsMs: parts,
    meanTotalMs: 10,
  });
  const nothing = figure(null, null, null, 'none');
  return {
    cell: cellOf(memoryMb),
    trials: 5,
    requests: 1000,
    holdRequests: 1000,
    outcomes: { ok: 1000, graphql_error: 0, wrong_answer: 0, http_error: 0, network_error: 0 },
    droppedIterations: 0,
    rateReached: nothing,
    rateAskedPerS: 10,
    failureShare: nothing,
    failures: [],
    latency: {
      p50: more.p50 ?? figure(10, 9, 11),
      p90: nothing,
      p95: nothing,
      p99,
      p999: nothing,
      max: nothing,
    },
    curves: [],
    byOperation: [],
    backend: { tracedRequests: 0, callsMean: nothing, callsMedian: nothing, medianMs: nothing },
    perTrial: [],
    bands: [band('median', 0), band('above_p99', cold)],
    timeline: { binS: 1, points: [] },
    coldStarts: noColdStarts({
      share: figure(cold / 1000, 0, 1, 'wilson', 'share'),
      requests: cold,
      penaltyMs: cold > 0 ? figure(310, 290, 330) : nothing,
    }),
    burst: null,
    tails: [],
    cost: noCost(),
    waterfalls: [],
    memory: { usedMaxMb: nothing, billedMsMedian: nothing },
    validity: {
      state,
      trials: [],
      checks:
        state === 'sound'
          ? []
          : [
              {
                name: 'x',
                label: 'CPU of the load generator',
                value: 1,
                shown: '95% of 2 cores',
                threshold: '',
                state,
                why: '',
                about: 'measurement',
              },
            ],
    },
    explained: { medianUnexplainedMs: nothing, maxSumErrorMs: 0 },
  };
}

test('a difference that the intervals show is stated with both of them', () => {
  expect(
    headline([cell(1024, figure(94, 88, 101)), cell(2048, figure(41, 38, 45), { cold: 71 })])[0],
  ).toBe(
    'p99 is 41.0 ms [38.0, 45.0] at 2048 MB, 2.3 times faster than at 1024 MB (94.0 ms [88.0, 101]); cold starts make 71.0% of the tail.',
  );
});

test('overlapping intervals show no difference', () => {
  const [first] = headline([cell(1024, figure(44, 40, 49)), cell(2048, figure(41, 38, 45))]);
  expect(first).toContain(
    'against 44.0 ms [40.0, 49.0] at 1024 MB: the intervals overlap, so neither is shown to be faster',
  );
  expect(first).not.toContain('times');
});

test('one trial each does not tell chance from difference', () => {
  const [first, second] = headline([
    cell(1024, figure(94, 88, 101, 'within_trial')),
    cell(2048, figure(41, 38, 45, 'within_trial')),
  ]);
  expect(first).toContain('2.3 times');
  expect(first).toContain('does not tell chance from difference');
  expect(second).toContain('within one trial and say nothing of the next run');
});

test('a ratio that rounds to one is no ratio', () => {
  const trials = headline([cell(1024, figure(42, 41.8, 42.2)), cell(2048, figure(41, 40.8, 41.2))]);
  expect(trials[0]).toBe(
    'p99 is 41.0 ms [40.8, 41.2] at 2048 MB, as fast as at 1024 MB (42.0 ms [41.8, 42.2]) to within 5%; no cold start is in the tail.',
  );
  const once = (ms: number) => figure(ms, ms - 0.2, ms + 0.2, 'within_trial');
  const [first] = headline([cell(1024, once(42)), cell(2048, once(41))]);
  expect(first).toContain(
    'as fast as at 1024 MB (42.0 ms [41.8, 42.2]) to within 5% in one trial each, which does not tell chance from difference',
  );
  expect(headline([cell(1024, figure(43.1, 43, 44)), cell(2048, figure(41, 40, 42))])[0]).toContain(
    '1.1 times faster than',
  );
});

test('one cell alone', () => {
  expect(headline([cell(1024, figure(41, 38, 45), { cold: 20 })])).toEqual([
    'p99 is 41.0 ms [38.0, 45.0] at 1024 MB; cold starts make 20.0% of the tail.',
    '20 of 1,000 requests (2.00%) felt a cold start at 1024 MB, which added 310 ms [290, 330] at the median.',
    'At the median of 1024 MB the backend takes 60.0% of 10.0 ms, above p99 the backend takes 60.0% of 10.0 ms.',
  ]);
});

test('cold starts of a tail of few requests are counted', () => {
  const few = cell(1024, figure(41, 38, 45), { cold: 2 });
  for (const band of few.bands) band.requests = 2;
  expect(headline([few])[0]).toMatch(/; 2 of 2 requests above p99 felt a cold start\.$/);
});

test('too few requests for a p99: the best quantile that all have', () => {
  const [first] = headline([cell(1024, figure(null, null, null, 'none'))]);
  expect(first).toBe('p50 is 10.0 ms [9.00, 11.0] at 1024 MB.');
});

test('a doubtful cell says why, a void one is only named', () => {
  const [first] = headline([cell(1024, figure(41, 38, 45), { state: 'doubtful' })]);
  expect(first).toContain('(doubtful: CPU of the load generator)');
  const states = ['sound', 'doubtful', 'doubtful'] as const;
  const mixed = states.map((state, index) =>
    cell(512 * (index + 1), figure(41 + index, 38, 45), { state }),
  );
  expect(headline(mixed)[0]).toContain('(doubtful at 2 of 3 cells: CPU of the load generator)');
  expect(headline(mixed.slice(0, 2))[0]).toContain('(doubtful at 1024 MB: CPU');
  const sentences = headline([
    cell(1024, figure(41, 38, 45), { state: 'void' }),
    cell(2048, figure(94, 88, 101)),
  ]);
  expect(sentences[0]).toContain('p99 is 94.0 ms [88.0, 101] at 2048 MB');
  expect(sentences.at(-1)).toBe('1024 MB is void (CPU of the load generator: 95% of 2 cores).');
  expect(headline([cell(1024, figure(41, 38, 45), { state: 'void' })])[0]).toBe(
    'No figure of this run can be relied on.',
  );
});

test('of many cells only the extremes are named', () => {
  const cells = [512, 1024, 1769, 2048, 3008].map((memoryMb, index) =>
    cell(memoryMb, figure(41, 38, 45), { cold: 10 + 5 * index }),
  );
  expect(headline(cells)[1]).toBe(
    'Between 1.00% (512 MB) and 3.00% (3008 MB) of requests felt a cold start.',
  );
});

test('cells that differ in two factors are named, not divided; each factor has its own sentence', () => {
  const cells = [
    { variant: 'as-published', dataset: 'x1', ms: 12 },
    { variant: 'as-published', dataset: 'x100', ms: 410 },
    { variant: 'indexed', dataset: 'x1', ms: 9 },
    { variant: 'indexed', dataset: 'x100', ms: 10 },
  ].map(({ variant, dataset, ms }) =>
    sampledCell({
      endpoint: { backend: 'postgres', variant, dataset },
      p50: [ms, 1.1 * ms, 0.9 * ms],
    }),
  );
  const [first, variant, dataset] = headline(cells, compareCells(cells));
  expect(first).toBe(
    'p99 is 27.0 ms at indexed · x1, the lowest; the highest is 1.23 s at as-published · x100.',
  );
  expect(variant).toMatch(/^At x100, indexed answers 41 times faster than as-published at p50 \[/);
  expect(dataset).toMatch(/^At as-published, x100 answers 34 times slower than x1 at p50 \[/);
});

test('backends of which one has no variants differ in one factor', () => {
  const cells = [
    sampledCell({ endpoint: { backend: 'dynamo' }, p50: [10, 11, 9] }),
    sampledCell({
      endpoint: { backend: 'postgres', variant: 'as-published', dataLayer: 'pg' },
      p50: [20, 22, 18],
    }),
  ];
  expect(headline(cells, compareCells(cells))[0]).toMatch(
    /^p99 is 30\.0 ms at dynamo, 2\.0 times faster than at postgres/,
  );
});

test('where intervals overlap the rounds, paired, may still show a difference', () => {
  const cells = [10, 9].map((ms, index) => {
    const cell = sampledCell({
      endpoint: { memoryMb: 1024 * (index + 1) },
      p50: [ms, 1.5 * ms, 0.7 * ms],
    });
    Object.assign(cell.latency.p99, { low: 20, high: 50, interval: 'trials_t' });
    return cell;
  });
  const sentences = headline(cells, compareCells(cells));
  expect(sentences[0]).toContain('the intervals overlap');
  expect(sentences[1]).toBe('2048 MB answers 1.11 times faster than 1024 MB at p50 [1.11, 1.11].');
});

test('the one factor of two cells is said once', () => {
  const cells = [1024, 2048].map((memoryMb) =>
    sampledCell({ endpoint: { memoryMb }, p50: [memoryMb / 100, memoryMb / 90, memoryMb / 80] }),
  );
  const sentences = headline(cells, compareCells(cells));
  expect(
    sentences.filter((text) => text.includes('1024 MB') && text.includes('2048 MB')),
  ).toHaveLength(1);
});
