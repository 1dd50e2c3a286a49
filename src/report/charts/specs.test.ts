import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  compared,
  crowdedAnalysis,
  serversAnalysis,
  variantsAnalysis,
} from '../../../test/factor-samples.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { Analysis } from '../../model/analysis.ts';
import { pageContext } from '../page/context.ts';
import { sectionsOf } from '../page/sections.ts';
import {
  burstAnalysis,
  coldAnalysis,
  manyCellsAnalysis,
  sampleAnalysis,
  sweepAnalysis,
  uglyAnalysis,
} from '../testing/sample-analysis.ts';
import { slowerGate } from '../testing/sample-gate.ts';
import { gateAnalysis } from '../testing/sample-gate-analysis.ts';
import { chartProblems, compileSpec } from './specs.ts';

const names = readdirSync(join(packageRoot(), 'reports', 'charts')).map((file) =>
  file.replace(/\.vl\.json$/, ''),
);

function chartsOf(analysis: Analysis) {
  const context = pageContext(analysis);
  sectionsOf(context);
  return context.charts;
}

test.each(names)('%s compiles without a warning', (name) => {
  expect(compileSpec(name).warnings).toEqual([]);
});

test('every spec is used', () => {
  const used = [
    compared(sampleAnalysis()),
    serversAnalysis(1),
    burstAnalysis(),
    gateAnalysis(slowerGate()),
  ].flatMap(chartsOf);
  expect(new Set(used.map((chart) => chart.spec))).toEqual(new Set(names));
});

test('what memory alone does is not drawn as a comparison, too', () => {
  const specs = (analysis: Analysis) => chartsOf(analysis).map(({ spec }) => spec);
  const alone = specs(compared(sampleAnalysis()));
  expect(alone).toContain('memory');
  expect(alone).not.toContain('comparison');
  const both = specs(compared(sampleAnalysis({ batchings: [false, true], trials: 1 })));
  expect(both).toContain('memory');
  expect(both).toContain('comparison');
});

test.each([
  ['two cells', sampleAnalysis()],
  ['five sizes', sweepAnalysis()],
  ['forced cold starts', coldAnalysis()],
  ['a burst', burstAnalysis(5)],
  ['one cell', sampleAnalysis({ memoriesMb: [1024], trials: 1 })],
  ['thirty cells', manyCellsAnalysis(2)],
  ['partial data', uglyAnalysis()],
  ['eight variants', variantsAnalysis(1)],
  ['three servers', serversAnalysis()],
  ['more panels than are drawn', crowdedAnalysis()],
])('charts of %s fit their specs', (_, analysis) => {
  const charts = chartsOf(analysis);
  expect(charts.flatMap(chartProblems)).toEqual([]);
  expect(new Set(charts.map((chart) => chart.id)).size).toBe(charts.length);
  for (const { data } of charts) {
    for (const { columns, rows } of Object.values(data)) {
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
      expect(rows.flat().every((v) => typeof v !== 'number' || Number.isFinite(v))).toBe(true);
    }
  }
});

test('the parts of a band sum to its mean', () => {
  const analysis = sampleAnalysis();
  const chart = chartsOf(analysis).find(({ id }) => id === 'where-above-p99');
  const rows = chart?.data.parts?.rows.filter((row) => row[0] === 0) ?? [];
  const sum = rows.reduce((total, row) => total + Number(row[2]), 0);
  const band = analysis.cells[0]?.bands.find(({ band }) => band === 'above_p99');
  expect(sum / (band?.meanTotalMs ?? 0)).toBeCloseTo(1, 3);
});

test('many cells: one trial a cell, and few enough dots', () => {
  const charts = chartsOf(manyCellsAnalysis(3));
  const curve = charts.find(({ id }) => id === 'percentiles')?.data.curve?.rows ?? [];
  expect(new Set(curve.map((row) => `${row[0]} ${row[1]}`)).size).toBe(30);
  const bins = charts.filter(({ spec }) => spec === 'timeline');
  expect(bins.reduce((sum, chart) => sum + (chart.data.bins?.rows.length ?? 0), 0)).toBeLessThan(
    9000,
  );
});

test('intervals wider than the curves are within the axis, up to a power of ten beyond', () => {
  const analysis = sampleAnalysis();
  const p99 = analysis.cells[0]?.latency.p99;
  if (!p99) throw new Error('no cell');
  Object.assign(p99, { low: 2, high: 1e6 });
  const chart = chartsOf(analysis).find(({ id }) => id === 'percentiles');
  const slowest = Math.max(...(chart?.data.curve?.rows ?? []).map((row) => Number(row[3])));
  expect(chart?.signals.minMs).toBeLessThan(2);
  expect(chart?.signals.maxMs).toBeGreaterThan(slowest * 9);
  expect(chart?.signals.maxMs).toBeLessThan(slowest * 15);
});

test('a few forced cold starts fill no band but that of all: it is drawn', () => {
  const analysis = coldAnalysis();
  for (const cell of analysis.cells) cell.bands = cell.bands.filter(({ band }) => band === 'all');
  expect(chartsOf(analysis).map(({ id }) => id)).toContain('where-all');
  expect(chartsOf(sampleAnalysis()).map(({ id }) => id)).not.toContain('where-all');
});

test('forced cold starts and bursts have no time line of a ramp', () => {
  for (const analysis of [coldAnalysis(), burstAnalysis()]) {
    expect(chartsOf(analysis).filter(({ spec }) => spec === 'timeline')).toEqual([]);
  }
});
