import { expect, test } from 'vitest';
import { cold } from '../page/cold.ts';
import { pageContext } from '../page/context.ts';
import { timeline } from '../page/timeline.ts';
import { sampleAnalysis } from '../testing/sample-analysis.ts';
import { coldCharts } from './cold-starts.ts';
import { thinned } from './thin.ts';
import { timelineCharts } from './timeline.ts';

/** A cell with so many cold starts, the slowest of them the last; the analysis has every second. */
function manyCold(samples: number) {
  const { cells } = sampleAnalysis({ memoriesMb: [1024], trials: 1 });
  for (const { coldStarts } of cells) {
    coldStarts.requests = 2 * samples;
    coldStarts.samples = Array.from({ length: samples }, (_, i) => ({
      trial: 1,
      atS: i / 10,
      totalMs: i === samples - 1 ? 9000 : 300 + (i % 7),
      initMs: i === 0 ? 8000 : 200 + (i % 5),
      placementMs: 3,
    }));
  }
  return cells;
}

test('what is thinned keeps the largest, its order and its spread', () => {
  const items = Array.from({ length: 1000 }, (_, i) => ({ i, x: i % 100 === 50 ? 1000 + i : 1 }));
  const kept = thinned(items, 60, ({ x }) => x);
  expect(kept).toHaveLength(60);
  expect(kept.filter(({ x }) => x > 1)).toHaveLength(10);
  expect(kept.map(({ i }) => i)).toEqual(kept.map(({ i }) => i).toSorted((a, b) => a - b));
  const inEachTenth = Array.from({ length: 10 }, (_, tenth) =>
    kept.filter(({ i, x }) => Math.floor(i / 100) === tenth && x === 1),
  );
  for (const some of inEachTenth) expect(some).toHaveLength(5);
  expect(thinned(items, 1000, ({ x }) => x)).toBe(items);
});

test('of cold starts the slowest are drawn wherever there are too many, and it is said how many', () => {
  const cells = manyCold(500);
  const cold = coldCharts(cells);
  expect(cold).toMatchObject({ drawn: 240, requests: 1000 });
  const dots = (chart: 'init' | 'total') =>
    cold?.[chart].data.requests?.rows.map((row) => row[2]) ?? [];
  expect(dots('total')).toHaveLength(240);
  expect(dots('total')).toContain(9000);
  expect(dots('init')).toContain(8000);
  const timelines = timelineCharts(cells);
  expect(timelines).toMatchObject({ marked: 150, coldRequests: 1000 });
  expect(timelines.charts[0]?.chart.data.cold?.rows.map((row) => row[2])).toContain(9000);
});

test('where too many are drawn the page says how many of how many, and nowhere else', () => {
  const said = (cells: ReturnType<typeof manyCold>) => {
    const context = pageContext({ ...sampleAnalysis(), cells });
    return [cold(context), timeline(context)].map((part) => part?.text ?? '');
  };
  const [dots, marks] = said(manyCold(500));
  expect(dots).toContain('240 of 1,000 cold requests are drawn: of each cell the slowest');
  expect(dots).not.toContain('every cold request');
  expect(marks).toContain('150 of 1,000 cold starts are drawn: of each trial the slowest');
  const { cells } = sampleAnalysis();
  for (const part of said(cells)) expect(part).not.toMatch(/ are drawn: /);
  expect(said(cells)[0]).toContain('Init of every cold request');
});

test('time lines of 300 trials are all there', () => {
  const [cell] = sampleAnalysis({ memoriesMb: [1024], trials: 1 }).cells;
  if (cell === undefined) throw new Error('no cell');
  // As an analysis of 30 cells × 10 trials has them: 80 bins a trial.
  cell.timeline.points = Array.from({ length: 10 * 80 }, (_, i) => ({
    ...(cell.timeline.points[0] as (typeof cell.timeline.points)[number]),
    trial: 1 + Math.floor(i / 80),
    atS: i % 80,
  }));
  const { charts, shownTrials } = timelineCharts(Array.from({ length: 30 }, () => cell));
  expect(charts).toHaveLength(30);
  expect(shownTrials).toHaveLength(10);
});
