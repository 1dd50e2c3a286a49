import { expect, test } from 'vitest';
import { placeSpans, type SpanRow } from './bars.ts';

const T = 1_790_000_000_000_000;
const span = (
  id: string,
  parentId: string | null,
  role: string,
  from: number,
  to: number | null,
): SpanRow => ({
  id,
  parentId,
  role,
  name: id,
  startedUs: T + from,
  endedUs: to === null ? null : T + to,
  failed: false,
});
const shown = (spans: SpanRow[], waiting = { fromUs: T + 1000, lengthUs: 50_000 }) =>
  placeSpans(spans, T, waiting).map(({ name, depth, startMs, endMs }) => [
    name,
    depth,
    startMs,
    endMs,
  ]);

test('parents come before their children, whatever the order', () => {
  const rows = [
    span('function', 'service', 'function', 5000, 40_000),
    span('gateway', null, 'gateway', 2000, 50_000),
    span('service', 'gateway', 'service', 4000, 45_000),
  ];
  expect(shown(rows)).toEqual([
    ['gateway', 1, 2, 50],
    ['service', 2, 4, 45],
    ['function', 3, 5, 40],
  ]);
});

test('one clock: nothing is moved, not even by a clock step', () => {
  expect(shown([span('service', 'unknown', 'service', 0, 51_000)])).toEqual([
    ['service', 1, 0, 51],
  ]);
});

test('two clocks: the outermost span is moved into the middle of the waiting, the others with it', () => {
  const rows = [
    span('gateway', null, 'gateway', 900_000, 940_000),
    span('service', 'gateway', 'service', 910_000, 930_000),
  ];
  expect(shown(rows)).toEqual([
    ['gateway', 1, 6, 46],
    ['service', 2, 16, 36],
  ]);
});

test('an init that nobody waited for has no bar, one that began before is cut at the start', () => {
  const rows = [
    span('function', null, 'function', 5000, 40_000),
    span('old', 'function', 'init', -90_000, -50_000),
    span('late', 'function', 'init', -2000, 4000),
  ];
  expect(shown(rows).map(([name, , startMs]) => [name, startMs])).toEqual([
    ['function', 5],
    ['late', 0],
  ]);
});

test('a cycle of parents ends', () => {
  expect(shown([span('a', 'b', 'other', 0, 1), span('b', 'a', 'other', 0, 1)])).toEqual([]);
});
