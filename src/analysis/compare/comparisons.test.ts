import { expect, test } from 'vitest';
import type { Endpoint } from '../../model/endpoint.ts';
import { type SampledCell, sampledCell } from '../testing/sampled-cell.ts';
import { compareCells } from './comparisons.ts';

const cell = (endpoint: Partial<Endpoint>, p50: SampledCell['p50'], more = {}) =>
  sampledCell({ endpoint, p50, ...more });
/** Rounds that share what slowed them. */
const rounds = (ms: number) => [ms, 1.2 * ms, 0.9 * ms];
const postgres = (variant: string, more: Partial<Endpoint> = {}): Partial<Endpoint> => ({
  backend: 'postgres',
  variant,
  dataLayer: 'pg',
  ...more,
});

test('a panel holds every other factor, and a finding says where it is most and where least', () => {
  const found = compareCells([
    cell(postgres('as-published', { dataset: 'x100' }), rounds(410)),
    cell(postgres('indexed', { dataset: 'x100' }), rounds(10)),
    cell(postgres('as-published', { dataset: 'x1' }), rounds(12)),
    cell(postgres('indexed', { dataset: 'x1' }), rounds(10)),
  ]);
  expect(found.map(({ factor }) => factor)).toEqual(['variant', 'dataset']);
  const [variant, dataset] = found;
  expect(variant?.panels.map(({ label }) => label)).toEqual(['x100', 'x1']);
  expect(variant?.finding).toBe(
    'At x100, indexed answers 41 times faster than as-published at p50 [41, 41]; at x1 1.20 times faster [1.20, 1.20]',
  );
  // Sizes ascend whatever the order of the plan: x100 is divided by x1.
  expect(dataset?.levels).toEqual(['x1', 'x100']);
  expect(dataset?.panels[0]).toMatchObject({ label: 'as-published', reference: 'x1' });
  expect(dataset?.panels[0]?.members[1]?.ratios?.p50.value).toBeCloseTo(410 / 12, 9);
});

test('a backend without variants fits every variant of another', () => {
  const found = compareCells([
    cell({ backend: 'dynamo' }, rounds(10)),
    cell(postgres('as-published'), rounds(20)),
    cell(postgres('indexed'), rounds(5)),
    cell({ backend: 'rest' }, rounds(30)),
  ]);
  const backend = found.find(({ factor }) => factor === 'backend');
  const shown = backend?.panels.map(({ label, members }) => [
    label,
    ...members.map(({ level, ratios }) => [level, ratios?.p50.value ?? null]),
  ]);
  expect(shown).toEqual([
    [
      'as-published',
      ['dynamo', null],
      ['postgres', expect.closeTo(2)],
      ['rest', expect.closeTo(3)],
    ],
    ['indexed', ['dynamo', null], ['postgres', expect.closeTo(0.5)], ['rest', expect.closeTo(3)]],
  ]);
  // dynamo has no variant: it is in no panel of that factor.
  const variant = found.find(({ factor }) => factor === 'variant');
  expect(variant?.panels.map(({ members }) => members.map(({ level }) => level))).toEqual([
    ['as-published', 'indexed'],
  ]);
});

test('a cell is never set against one that differs in two factors', () => {
  const found = compareCells([
    cell({ server: 'apollo', memoryMb: 1024 }, rounds(10)),
    cell({ server: 'yoga', memoryMb: 2048 }, rounds(5)),
  ]);
  expect(found).toEqual([]);
});

test('loads, runtimes and timeouts are held too', () => {
  const [a, b] = [
    cell({ server: 'apollo' }, rounds(10)),
    cell({ server: 'yoga', timeoutS: 3 }, rounds(5)),
  ];
  expect(compareCells([a, b])).toEqual([]);
});

test('a void cell has no ratio, and the next sound one is what others are divided by', () => {
  const [found] = compareCells([
    cell({ memoryMb: 512 }, rounds(40), { state: 'void' }),
    cell({ memoryMb: 2048 }, rounds(10)),
    cell({ memoryMb: 1024 }, rounds(20)),
  ]);
  expect(found?.levels).toEqual(['512', '1024', '2048']);
  expect(found?.panels[0]?.reference).toBe('1024');
  expect(found?.panels[0]?.members.map(({ ratios }) => ratios?.p50.value ?? null)).toEqual([
    null,
    null,
    expect.closeTo(0.5),
  ]);
  const [nothing] = compareCells([
    cell({ memoryMb: 512 }, rounds(40), { state: 'void' }),
    cell({ memoryMb: 1024 }, rounds(40), { state: 'void' }),
  ]);
  expect(nothing?.finding).toMatch(/^No ratio of 512 MB, 1024 MB can be stated/);
});

test('one round gives a ratio that says so; noise gives no difference', () => {
  const once = compareCells([cell({ server: 'apollo' }, [20]), cell({ server: 'yoga' }, [10])]);
  expect(once[0]?.finding).toBe(
    'yoga answers 2.0 times faster than apollo at p50 (1 round, no interval)',
  );
  const noise = compareCells([
    cell({ server: 'apollo' }, [10, 10, 10]),
    cell({ server: 'yoga' }, [5, 10, 20]),
  ]);
  expect(noise[0]?.finding).toMatch(
    /^No difference between yoga and apollo is shown at p50 \[0\.18, 5\.6\]$/,
  );
});

test('where p50 shows nothing the first percentile that does is named, and p50 beside it', () => {
  const [found] = compareCells([
    cell({ batching: false }, [10, 10.1, 9.9], { p99: rounds(300) }),
    cell({ batching: true }, [10.1, 9.9, 10], { p99: rounds(100) }),
  ]);
  expect(found?.finding).toMatch(
    /^batched answers 3\.0 times faster than unbatched at p99 \[3\.0, 3\.0\]; at p50 no difference shown \[/,
  );
});

test('of a gate head is divided by base, or by nothing, and no sentence says which is slower', () => {
  const of = (revision: 'base' | 'head', ms: number, more = {}) =>
    cell({ revision }, rounds(ms), more);
  const [found] = compareCells([of('head', 11), of('base', 10)]);
  expect(found).toMatchObject({ factor: 'revision', levels: ['base', 'head'] });
  expect(found?.panels[0]?.reference).toBe('base');
  expect(found?.finding).toBe('p50 of head ÷ base is 1.10 [1.10, 1.10]');
  const [faster] = compareCells([of('base', 10), of('head', 8)]);
  expect(faster?.finding).toBe('p50 of head ÷ base is 0.80 [0.80, 0.80]');
  const [without] = compareCells([of('base', 10, { state: 'void' }), of('head', 11)]);
  expect(without?.panels[0]?.reference).toBeNull();
  expect(without?.finding).toBe(
    'No ratio of base, head can be stated: fewer than two have figures that may be used',
  );
});

test('of several cells of a gate the one whose head is furthest from its base is named', () => {
  const found = compareCells(
    [512, 1024].flatMap((memoryMb) =>
      (['base', 'head'] as const).map((revision) =>
        cell({ memoryMb, revision }, rounds(revision === 'head' && memoryMb === 512 ? 12 : 10)),
      ),
    ),
  );
  expect(found.find(({ factor }) => factor === 'revision')?.finding).toBe(
    'p50 of head ÷ base is 1.20 [1.20, 1.20] at 512 MB, the furthest from 1 of 2 cells',
  );
  expect(
    found.find(({ factor }) => factor === 'memoryMb')?.panels.map(({ label }) => label),
  ).toEqual(['base', 'head']);
});
