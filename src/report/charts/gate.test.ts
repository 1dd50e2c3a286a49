import { expect, test } from 'vitest';
import {
  budgetsGate,
  exactGate,
  failingRequestsGate,
  passedGate,
  slowerGate,
} from '../testing/sample-gate.ts';
import { gateCharts } from './gate.ts';
import { chartProblems } from './specs.ts';

const chartsOf = ({ rows }: ReturnType<typeof slowerGate>) => gateCharts(rows, rows, 1);

test('every chart of a gate fits its spec', () => {
  for (const gate of [slowerGate(), budgetsGate(), failingRequestsGate()]) {
    for (const { chart } of chartsOf(gate)) expect(chartProblems(chart)).toEqual([]);
  }
});

test('changes are in percent, with the tolerance and a dot a pair', () => {
  const gate = slowerGate();
  const [found] = chartsOf(gate);
  const { changes, pairs } = found?.chart.data ?? {};
  expect(changes?.rows.map(([, name, , , , limit, verdict]) => [name, limit, verdict])).toEqual([
    ['p50', 5, 'fail'],
    ['init', 5, 'pass'],
  ]);
  expect(changes?.rows[0]?.[2]).toBeCloseTo(((gate.rows[0]?.change?.value ?? 0) - 1) * 100, 1);
  expect(pairs?.rows).toHaveLength(14);
});

test('a budget is a share of its limit from zero on, a difference in points', () => {
  const [budget] = chartsOf(budgetsGate());
  expect(budget?.axis).toBe('budget');
  expect(budget?.chart.signals).toMatchObject({ fromAt: 0, signed: false });
  expect(budget?.chart.data.changes?.rows[0]?.[2]).toBeCloseTo(116.2, 1);
  const [, difference] = chartsOf(failingRequestsGate());
  expect(difference?.chart.data.changes?.rows[0]?.slice(1, 3)).toEqual(['error rate (guard)', 2.1]);
});

test('what is exact, absent or free of failures has no picture', () => {
  expect(chartsOf(exactGate())).toEqual([]);
  expect(chartsOf(passedGate()).map(({ axis }) => axis)).toEqual(['change']);
});

test('an open or huge interval is drawn to the edge and stretches no axis', () => {
  const { rows } = passedGate();
  const [first] = rows;
  if (first?.change == null) throw new Error('no row');
  const wild = { ...first, change: { value: 1.01, low: null, high: 40 } };
  const [found] = gateCharts([wild], [wild], 1);
  const { toAt, fromAt } = found?.chart.signals ?? {};
  expect(toAt).toBeLessThan(50);
  const [change] = found?.chart.data.changes?.rows ?? [];
  expect(change?.[7]).toBeCloseTo(Number(fromAt), 1);
  expect(change?.[8]).toBeCloseTo(Number(toAt), 1);
  expect(change?.[4]).toBe(3900);
});

test('cells share the scale of an axis', () => {
  const own = passedGate().rows.map((row) => ({ ...row, cellId: 'other' }));
  const all = [...slowerGate().rows, ...own];
  const [one] = gateCharts(slowerGate().rows, all, 1);
  const [other] = gateCharts(own, all, 2);
  expect(other?.chart.signals.toAt).toBe(one?.chart.signals.toAt);
  expect(other?.chart.id).not.toBe(one?.chart.id);
});
