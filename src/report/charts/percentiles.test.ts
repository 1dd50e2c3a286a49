import { expect, test } from 'vitest';
import { sampleAnalysis } from '../testing/sample-analysis.ts';
import { percentileChart } from './percentiles.ts';

const MEMORIES_MB = [128, 256, 512, 1024, 1769, 2048, 3008];

test.each(['p99', 'p95'] as const)(
  'of many cells the trial nearest to the cell’s %s is drawn',
  (name) => {
    const quantile = name === 'p99' ? 0.99 : 0.95;
    const { cells } = sampleAnalysis({ memoriesMb: MEMORIES_MB, trials: 3 });
    const slowest = cells.map(({ curves, latency }) => {
      const ends = curves.map(({ trial, points }) => ({
        trial,
        ms: points.find((point) => point.quantile >= quantile)?.ms ?? 0,
      }));
      const [last] = ends.sort((a, b) => b.ms - a.ms);
      if (name === 'p95') latency.p99.value = null;
      latency[name].value = last?.ms ?? null;
      return last?.trial;
    });
    const { curve } = percentileChart(cells, MEMORIES_MB.map(String)).data;
    const drawn = cells.map((_, index) => [
      ...new Set(curve?.rows.filter(([cell]) => cell === index).map(([, trial]) => trial)),
    ]);
    expect(drawn).toEqual(slowest.map((trial) => [trial]));
  },
);
