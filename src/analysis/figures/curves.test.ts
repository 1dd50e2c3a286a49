import { expect, test } from 'vitest';
import { latencyCurves } from './curves.ts';
import { detailOf } from './detail.ts';

const trial = { trial: 1, sortedMs: Float64Array.from({ length: 10_000 }, (_, i) => i + 1) };

test.each([20, 40, 200])('a curve of at most %i points keeps its ends and each nine', (most) => {
  const points = latencyCurves([trial], most)[0]?.points ?? [];
  expect(points.length).toBeLessThanOrEqual(most);
  expect(points.length).toBeGreaterThan(most * 0.7);
  expect(points[0]?.ms).toBe(1);
  expect(points.at(-1)).toEqual({ quantile: 0.99995, ms: 10_000 });
  const beyond = (quantile: number) => points.filter((point) => point.quantile > quantile).length;
  // Four nines: a quarter of the points each.
  expect(beyond(0.9) / points.length).toBeGreaterThan(0.6);
  expect(beyond(0.99) / points.length).toBeGreaterThan(0.35);
});

test('a run of usual size has every point; one of 300 trials fewer a trial, of 5,000 no fewer than 20', () => {
  expect(detailOf(25)).toEqual({ curvePoints: 200, timelineBins: 300 });
  expect(detailOf(300)).toEqual({ curvePoints: 40, timelineBins: 80 });
  expect(detailOf(5000)).toEqual({ curvePoints: 20, timelineBins: 20 });
});
