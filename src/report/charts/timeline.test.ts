import { expect, test } from 'vitest';
import { sampleAnalysis } from '../testing/sample-analysis.ts';
import { timelineCharts } from './timeline.ts';

function areas(phaseOf: (phase: string) => string) {
  const { cells } = sampleAnalysis({ memoriesMb: [1024], trials: 1 });
  for (const point of cells[0]?.timeline.points ?? []) point.phase = phaseOf(point.phase);
  const phases = timelineCharts(cells).charts[0]?.chart.data.phases;
  const at = (field: string) => phases?.columns.findIndex((column) => column.field === field) ?? -1;
  return phases?.rows
    .map((row) => [row[at('areaLabel')], row[at('fromS')], row[at('areaToS')]])
    .filter(([label]) => label !== '');
}

test('the label of the shaded area names all that is in it', () => {
  expect(areas((phase) => phase)).toEqual([
    ['warm-up and ramp', 0, 30],
    ['hold', 30, 80],
  ]);
  expect(areas((phase) => (phase === 'warm_up' ? 'ramp' : phase))).toEqual([
    ['ramp', 0, 30],
    ['hold', 30, 80],
  ]);
  expect(areas((phase) => (phase === 'ramp' ? 'warm_up' : phase))).toEqual([
    ['warm-up', 0, 30],
    ['hold', 30, 80],
  ]);
});
