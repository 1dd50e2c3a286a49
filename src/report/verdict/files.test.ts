import { describe, expect, test } from 'vitest';
import { GATE_METRICS, type GateResult, gateResultSchema } from '../../model/gate.ts';
import {
  budgetsGate,
  exactGate,
  failingRequestsGate,
  manyCellsGate,
  sameCodeGate,
  sampleGate,
  slowerGate,
} from '../testing/sample-gate.ts';
import { absentRow, sampleRow } from '../testing/sample-gate-row.ts';
import { gateFiles } from './files.ts';

const fileOf = (gate: GateResult, name: string) =>
  gateFiles({ gate }).find((file) => file.name === `gate/${name}`)?.text ?? 'null';
const CELL = 'dynamo-1024-rest-api-apollo-x1-ramp';

test('a gate has its verdict in every format, a run that is none has no file', () => {
  expect(gateFiles({ gate: slowerGate() }).map(({ name }) => name)).toEqual([
    'gate/gate.json',
    'gate/junit.xml',
    'gate/summary.md',
    'gate/comment.md',
    'gate/github-action-benchmark.json',
    'gate/bencher.json',
  ]);
  expect(gateFiles({ gate: null })).toEqual([]);
});

test('gate.json is the result, as its schema has it', () => {
  for (const make of [slowerGate, budgetsGate, exactGate, sameCodeGate]) {
    expect(gateResultSchema.parse(JSON.parse(fileOf(make(), 'gate.json')))).toEqual(make());
  }
});

test('histories have no file where nothing was measured: they refuse an empty one', () => {
  const names = gateFiles({ gate: sameCodeGate() }).map(({ name }) => name);
  expect(names).not.toContain('gate/bencher.json');
  expect(names).not.toContain('gate/github-action-benchmark.json');
});

/** Every metric, the error rate in shares. */
function everyMetric(): GateResult {
  const rows = GATE_METRICS.map((metric) =>
    sampleRow({ metric, base: 0.02, head: 0.03, verdict: 'pass', reason: 'fine' }),
  );
  return sampleGate({ rows });
}

describe('github-action-benchmark', () => {
  const entries = (gate: GateResult) => JSON.parse(fileOf(gate, 'github-action-benchmark.json'));

  test('an entry a figure of head, with its unit, interval and verdict', () => {
    const [first] = entries(slowerGate());
    expect(first).toMatchObject({ name: `${CELL} p50`, unit: 'ms', value: 11.56 });
    expect(first.range).toBe('[11.1, 12.0]');
    expect(first.extra).toMatch(
      /^FAIL: at least 12\.1% slower; 5% are tolerated\nchange \+15\.4%\n/,
    );
    expect(Object.keys(first)).toEqual(['name', 'unit', 'value', 'range', 'extra']);
  });

  test('shares are percent; figures without a value are left out, without an interval have no range', () => {
    const found = entries(failingRequestsGate());
    expect(found.at(-1)).toMatchObject({ name: `${CELL} error rate`, unit: '%', value: 2.1 });
    const exact = entries(exactGate());
    expect(exact.map(({ name }: { name: string }) => name)).toEqual([
      `${CELL} bundle size`,
      `${CELL} backend calls of Timeline`,
    ]);
    expect(exact[0]).not.toHaveProperty('range');
  });

  test('a name stays what it is with a budget beside or instead, and comes once', () => {
    const [budget] = budgetsGate().rows;
    const both = slowerGate();
    both.rows.push({ ...budget, metric: 'p50' } as never);
    const names = entries(both).map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name === `${CELL} p50`)).toHaveLength(1);
    expect(entries(budgetsGate())[0].name).toBe(`${CELL} p99`);
  });
});

describe('Bencher', () => {
  const metrics = (gate: GateResult) => JSON.parse(fileOf(gate, 'bencher.json'));

  test('a benchmark a cell, a measure a metric, bounds where they are known', () => {
    const found = metrics(slowerGate());
    expect(Object.keys(found)).toEqual([CELL]);
    expect(found[CELL]['p50-ms']).toEqual({
      value: 11.56,
      lower_value: 11.56 * 0.96,
      upper_value: 11.56 * 1.04,
    });
    expect(metrics(exactGate())[CELL]).toEqual({ 'file-size': { value: 1_204_112 } });
    expect(metrics(exactGate())[`${CELL} Timeline`]).toEqual({
      'backend-calls-per-request': { value: 13 },
    });
    expect(Object.keys(metrics(manyCellsGate(100)))).toHaveLength(100);
  });

  test('every measure is a slug of at most 64 characters that is no built-in of another unit', () => {
    const slugs = Object.keys(metrics(everyMetric())[CELL]);
    expect(slugs).toHaveLength(GATE_METRICS.length);
    for (const slug of slugs) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(64);
    }
    expect(slugs).not.toContain('latency');
    expect(metrics(everyMetric())[CELL]['cold-share-percent'].value).toBeCloseTo(3);
  });

  test('a side without data has no metric', () => {
    const gate = sampleGate({ rows: [absentRow('p50', 'nothing came from head')] });
    expect(gateFiles({ gate }).map(({ name }) => name)).not.toContain('gate/bencher.json');
  });
});
