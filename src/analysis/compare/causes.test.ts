import { expect, test } from 'vitest';
import type { Variant } from '../../model/run.ts';
import { sampledCell } from '../testing/sampled-cell.ts';
import { tellCausesApart } from './causes.ts';

const NAMES: Record<string, string> = { join: 'as-published', 'index limit': 'indexed' };
/** `as-published` first, as its backend has them. */
const ALL: Variant[] = [4, 0, 1, 2, 3, 5, 6, 7].map((bits) => {
  const features = { index: (bits & 1) > 0, limit: (bits & 2) > 0, join: (bits & 4) > 0 };
  const held = Object.entries(features).flatMap(([name, on]) => (on ? [name] : []));
  const name = NAMES[held.join(' ')] ?? (held.length > 0 ? held.join('-') : 'bare');
  return { backend: 'postgres', name, features };
});

/** An index helps only where there is a limit. */
function p50Of({ features: { index, limit, join } }: Variant): number {
  const read = limit ? (index ? 1 : 50) : 100;
  return read + (join ? 1 : 0);
}

const cellOf = (variant: Variant, dataset = 'x100', state: 'sound' | 'void' = 'sound') => {
  const ms = p50Of(variant);
  return sampledCell({
    endpoint: { backend: 'postgres', variant: variant.name, dataLayer: 'pg', dataset },
    p50: [ms, 1.1 * ms, 0.9 * ms],
    state,
  });
};
const named = (...names: string[]) => ALL.filter(({ name }) => names.includes(name));

test('each feature is told apart at both ends, and its range over all settings', () => {
  const [causes] = tellCausesApart(
    ALL.map((variant) => cellOf(variant)),
    ALL,
  );
  const panel = causes?.panels[0];
  expect(panel?.steps).toHaveLength(12);
  const shown = panel?.ends.map(({ kind, feature, from, to, ratios }) => [
    `${kind} ${feature}: ${from} to ${to}`,
    Number(ratios.p50.value?.toFixed(3)),
  ]);
  expect(new Map(shown as [string, number][])).toEqual(
    new Map(
      [
        ['takes index: indexed to limit', 50],
        ['takes limit: indexed to index', 100],
        ['adds join: indexed to index-limit-join', 2],
        ['adds index: as-published to index-join', 1],
        ['adds limit: as-published to limit-join', Number((51 / 101).toFixed(3))],
        ['takes join: as-published to bare', Number((100 / 101).toFixed(3))],
        ['all index, limit, join: as-published to indexed', Number((1 / 101).toFixed(3))],
      ].map(([key, value]) => [String(key), Number(value)]),
    ),
  );
  const index = panel?.ranges.find(({ feature }) => feature === 'index');
  expect(index?.pairs).toBe(4);
  expect(index?.p50?.low).toBeCloseTo(1 / 50, 9);
  expect(index?.p50?.high).toBeCloseTo(1, 9);
  expect(causes?.missing).toEqual([]);
  expect(causes?.finding).toContain('101 times');
});

test('two variants alone do not tell their causes apart, and what is missing is named', () => {
  const variants = named('as-published', 'indexed');
  const [causes] = tellCausesApart(
    variants.map((variant) => cellOf(variant)),
    variants,
  );
  expect(causes?.finding).toMatch(
    /with index, limit, join changed at once: which of them does it this run does not tell$/,
  );
  expect(causes?.panels[0]?.steps).toEqual([]);
  expect(causes?.missing).toEqual([
    '2 of 8 combinations of index, limit, join have figures. Missing: none of them; index alone; limit alone; index + join; limit + join; index + limit + join.',
  ]);
});

test('part of the combinations tells part of the causes', () => {
  const variants = named('as-published', 'index-join', 'indexed');
  const [causes] = tellCausesApart(
    variants.map((variant) => cellOf(variant)),
    variants,
  );
  expect(causes?.panels[0]?.ends.map(({ kind, feature }) => `${kind} ${feature}`)).toEqual(
    expect.arrayContaining(['adds index', 'all index, limit, join']),
  );
  expect(causes?.panels[0]?.ranges.find(({ feature }) => feature === 'limit')?.p50).toBeNull();
  expect(causes?.missing[0]).toMatch(/^3 of 8 combinations/);
});

test('a void variant is not used and counts as missing where it is void', () => {
  const variants = named('as-published', 'index-join');
  const [causes] = tellCausesApart(
    [
      ...variants.map((variant) => cellOf(variant, 'x1')),
      ...variants.map((variant, i) => cellOf(variant, 'x100', i === 0 ? 'void' : 'sound')),
    ],
    variants,
  );
  expect(causes?.panels.map(({ label, steps }) => [label, steps.length])).toEqual([
    ['x1', 1],
    ['x100', 0],
  ]);
  expect(causes?.missing).toHaveLength(2);
  expect(causes?.missing[1]).toMatch(/^At x100: 1 of 8/);
});

test('no variants, no causes', () => {
  expect(tellCausesApart([sampledCell({ p50: [1] })], [])).toEqual([]);
});
