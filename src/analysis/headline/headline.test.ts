import { expect, test } from 'vitest';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Advice, MemoryScaling } from '../../model/memory-scaling.ts';
import { noFigure } from '../../model/testing/empty.ts';
import { compareCells } from '../compare/comparisons.ts';
import { sampledCell } from '../testing/sampled-cell.ts';
import { headline } from './headline.ts';
import { COLD_TAIL, cell, figure, share, tailWith } from './testing/headline-cell.ts';

test('a difference that the intervals show is stated with both, its price and what makes the tail', () => {
  const [first] = headline([
    cell(1024, figure(94, 88, 101), { costUsd: [1, 1.01, 0.99] }),
    cell(2048, figure(41, 38, 45), { tail: COLD_TAIL, costUsd: [1.14, 1.16, 1.12] }),
  ]);
  expect(first).toBe(
    'p99 is 41.0 ms [38.0, 45.0] at 2048 MB, 2.3 times faster than at 1024 MB (94.0 ms [88.0, 101]) for 14% [12, 16] more money; initialisation (cold starts) makes 71% [65, 77] of the tail.',
  );
});

test.each([
  { costUsd: [0.8, 0.9, 0.85], said: ' for 15% [1.7, 27] less money.' },
  { costUsd: [1.2, 0.9, 1.1], said: ' at no shown difference in cost.' },
  { costUsd: [1.001, 1.002, 1.0015], said: ' for the same money to within 1%.' },
  { costUsd: [1.2], said: ' (costs 20% more in 1 round, no interval).' },
])('the price of a difference: $said', ({ costUsd, said }) => {
  const [first] = headline([
    cell(1024, figure(94, 88, 101), { costUsd: [1, 1, 1] }),
    cell(2048, figure(41, 38, 45), { costUsd }),
  ]);
  expect(first).toContain(`(94.0 ms [88.0, 101])${said}`);
});

test('a tail of which no part is shown to lead, and one of few requests, are said so', () => {
  const tied = tailWith({ handler: share(0.5, 0.3, 0.7), backend: share(0.4, 0.2, 0.6) });
  expect(headline([cell(1024, figure(41, 38, 45), { tail: tied })])[0]).toMatch(
    /; of the tail 50% \[30, 70\] is the handler’s own time and 40% \[20, 60\] the backend\.$/,
  );
  const few = tailWith({ backend: share(0.9, null, null, 3) });
  expect(headline([cell(1024, figure(41, 38, 45), { tail: few })])[0]).toMatch(
    /; the backend makes 90% of the tail \(only 3 requests; 5 trials, no interval\)\.$/,
  );
});

test('overlapping intervals show no difference', () => {
  const [first] = headline([cell(1024, figure(44, 40, 49)), cell(2048, figure(41, 38, 45))]);
  expect(first).toContain(
    'against 44.0 ms [40.0, 49.0] at 1024 MB: the intervals overlap, which by itself shows no difference',
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

test('two trials have no interval: the sentence counts them', () => {
  const none = (ms: number, trials: number) => ({
    ...figure(ms, ms, ms),
    ...{ low: null, high: null, interval: 'none' as const, trials },
  });
  const [first] = headline([cell(1024, none(94, 2)), cell(2048, none(41, 2))]);
  expect(first).toContain('faster than at 1024 MB (94.0 ms) in 2 trials each, which does not tell');
  expect(headline([cell(1024, none(94, 1)), cell(2048, none(41, 2))])[0]).toContain(
    'in 2 and 1 trials, which does not tell',
  );
});

test('a ratio that rounds to one is no ratio', () => {
  const trials = headline([cell(1024, figure(42, 41.8, 42.2)), cell(2048, figure(41, 40.8, 41.2))]);
  expect(trials[0]).toBe(
    'p99 is 41.0 ms [40.8, 41.2] at 2048 MB, as fast as at 1024 MB (42.0 ms [41.8, 42.2]) to within 5%.',
  );
  const once = (ms: number) => ({
    ...figure(ms, ms - 0.2, ms + 0.2, 'within_trial'),
    trials: 1,
  });
  const [first] = headline([cell(1024, once(42)), cell(2048, once(41))]);
  expect(first).toContain(
    'as fast as at 1024 MB (42.0 ms [41.8, 42.2]) to within 5% in one trial each, which does not tell chance from difference',
  );
  expect(headline([cell(1024, figure(43.1, 43, 44)), cell(2048, figure(41, 40, 42))])[0]).toContain(
    '1.1 times faster than',
  );
});

test('one cell alone: its tail, its cold starts, and the p99 without them', () => {
  const tail = { ...COLD_TAIL, coldRequests: 20, withoutCold: figure(22, 20, 24) };
  expect(headline([cell(1024, figure(41, 38, 45), { cold: 20, tail })])).toEqual([
    'p99 is 41.0 ms [38.0, 45.0] at 1024 MB; initialisation (cold starts) makes 71% [65, 77] of the tail.',
    '20 of 1,000 requests (2.00%) felt a cold start at 1024 MB, which added 310 ms [290, 330] at the median; p99 of the others is 22.0 ms [20.0, 24.0].',
  ]);
});

test('where no tail is known the median says where time goes', () => {
  expect(headline([cell(1024, figure(41, 38, 45))])).toEqual([
    'p99 is 41.0 ms [38.0, 45.0] at 1024 MB.',
    'No request felt a cold start at 1024 MB.',
    'At the median of 1024 MB 60.0% of 10.0 ms is the backend.',
  ]);
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

test('at most five sentences, void cells, what memory buys and the objective among them', () => {
  const once = (ms: number) => figure(ms, ms - 1, ms + 1, 'within_trial');
  const cells = [512, 1024, 1769, 2048, 3008].map((memoryMb, index) =>
    cell(memoryMb, once(41 + index), { state: index === 1 ? 'void' : 'sound', cold: 10 }),
  );
  const advised = scaling(cells, 'one call fits in the quota of a period', [
    { goal: 'balanced', finding: 'Take 1769 MB' },
    { goal: 'slo', finding: '512 MB is the cheapest that meets p99 ≤ 100 ms.' },
  ]);
  const sentences = headline(cells, compareCells(cells), [], [advised]);
  expect(sentences).toHaveLength(5);
  expect(sentences).toContain('512 MB is the cheapest that meets p99 ≤ 100 ms.');
  expect(sentences).toContain('One call fits in the quota of a period.');
  expect(sentences).not.toContain('Take 1769 MB.');
  expect(sentences.at(-1)).toMatch(/^1024 MB is void/);
  expect(sentences.join(' ')).toContain('within one trial');
});

test('many void cells are counted with their reasons', () => {
  const cells = [128, 256, 512, 1024, 2048].map((memoryMb) =>
    cell(memoryMb, figure(41, 38, 45), { state: memoryMb === 2048 ? 'sound' : 'void' }),
  );
  expect(headline(cells).at(-1)).toBe('4 of 5 cells are void (CPU of the load generator).');
});

function scaling(
  cells: readonly CellAnalysis[],
  finding: string,
  advice: readonly Pick<Advice, 'goal' | 'finding'>[],
): MemoryScaling {
  return {
    label: '',
    finding: `512 MB is the cheapest: ${finding}`,
    reason: finding,
    rankedBy: 'p99',
    sizes: cells.map(({ cell: { id, endpoint } }) => ({
      memoryMb: endpoint.memoryMb ?? 0,
      cellId: id,
      quotaMs: 5,
      cpuPerCallMs: noFigure(),
      fitsInPeriod: true,
      costUsd: noFigure('usd'),
      efficient: null,
      dominatedByMb: null,
    })),
    quantities: [],
    advice: advice.map((one) => ({
      memoryMb: 512,
      cellId: null,
      sureness: 'shown',
      roundsBest: 5,
      rounds: 5,
      ties: [],
      ...one,
    })),
  };
}

test('an objective of sizes that were not compared is met, missed, or neither is shown', () => {
  const slo = { quantile: 'p99', ms: 40 } as const;
  const said = (...values: Parameters<typeof figure>) =>
    headline([cell(1024, figure(...values))], [], [], [], slo).join('\n');
  expect(said(30, 25, 36)).toContain('p99 ≤ 40.0 ms is met at 1024 MB: 30.0 ms [25.0, 36.0].');
  expect(said(50, 42, 60)).toContain('is not met at 1024 MB: 50.0 ms [42.0, 60.0].');
  expect(said(35, 25, 46)).toContain(
    'is met by its value alone (its interval holds it) at 1024 MB',
  );
  expect(said(35, 30, 39, 'within_trial')).toContain('is met by its value alone');
  expect(headline([cell(1024, figure(30, 25, 36))]).join('\n')).not.toContain('≤');
});

test('an endpoint without a known function has client-side figures only, in the second sentence', () => {
  const known = cell(1024, figure(94, 88, 101));
  const outside = cell(1024, figure(41, 38, 45));
  const { endpoint } = outside.cell;
  outside.cell = { ...outside.cell, endpoint: { ...endpoint, backend: 'shop', memoryMb: null } };
  expect(headline([outside])[1]).toBe(
    'Only what clients see was measured: no function behind the endpoint is known, so there are no parts of latency, cold starts, memory or cost.',
  );
  expect(headline([known, outside])[1]).toMatch(/^Only what clients see was measured of .*shop/);
  expect(headline([known]).join(' ')).not.toContain('clients see');
});
