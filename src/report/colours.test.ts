import { describe, expect, test } from 'vitest';
import { PARTS } from '../model/tables.ts';
import { CELL_COLOURS, cellColours } from './colours.ts';
import { pageStyle } from './page/runtime.ts';
import { contrast, distance, VISIONS } from './testing/colour-vision.ts';
import { manyCellsAnalysis, sampleAnalysis } from './testing/sample-analysis.ts';

const style = pageStyle();
const THEMES = ['light', 'dark'] as const;

function colour(name: string, theme: (typeof THEMES)[number]): string {
  const found = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(style);
  const hex = found?.[theme === 'light' ? 1 : 2];
  if (!hex) throw new Error(`the style has no colour --${name}`);
  return hex;
}

describe.each(THEMES)('%s', (theme) => {
  const card = colour('card', theme);

  test.each(['ink', 'ink-soft', 'accent', 'good', 'warn', 'bad'])('%s is readable', (name) => {
    expect(contrast(colour(name, theme), card)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour(name, theme), colour('page', theme))).toBeGreaterThanOrEqual(4.5);
  });

  test('cells stand out from the card', () => {
    for (let i = 1; i <= CELL_COLOURS; i += 1) {
      expect(contrast(colour(`cell-${i}`, theme), card), `cell-${i}`).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(colour('cell-many', theme), card)).toBeGreaterThanOrEqual(3);
  });

  test.each(VISIONS)('the first four cells are told apart with %s', (vision) => {
    for (let a = 1; a <= 4; a += 1) {
      for (let b = a + 1; b <= 4; b += 1) {
        const apart = distance(colour(`cell-${a}`, theme), colour(`cell-${b}`, theme), vision);
        expect(apart, `cell-${a} and cell-${b}`).toBeGreaterThan(15);
      }
    }
  });

  test.each(VISIONS)('parts that touch are told apart with %s', (vision) => {
    // Warm requests have no init: placement touches the handler.
    const orders = [PARTS, PARTS.filter((part) => part !== 'init' && part !== 'network')];
    for (const parts of orders) {
      parts.slice(1).forEach((part, i) => {
        const before = parts[i] ?? 'client';
        const apart = distance(
          colour(`part-${before}`, theme),
          colour(`part-${part}`, theme),
          vision,
        );
        expect(apart, `${before} and ${part}`).toBeGreaterThan(15);
      });
    }
  });
});

test('no colour stands for two cells: beyond eight only the lowest and the highest p99 have one', () => {
  const few = sampleAnalysis({
    memoriesMb: [128, 256, 512, 1024, 2048, 3008, 4096, 8192],
    trials: 1,
  });
  expect(new Set(cellColours(few.cells)).size).toBe(8);
  const { cells } = manyCellsAnalysis(1);
  const colours = cellColours(cells);
  const p99 = cells.map(({ latency }) => latency.p99.value ?? Number.NaN);
  expect(colours.filter((name) => name === 'many')).toHaveLength(28);
  expect(colours.indexOf('1')).toBe(p99.indexOf(Math.min(...p99)));
  expect(colours.indexOf('2')).toBe(p99.indexOf(Math.max(...p99)));
  // Without a p99 of all, the best percentile that all have.
  for (const { latency } of cells.slice(1)) latency.p99.value = null;
  const p95 = cells.map(({ latency }) => latency.p95.value ?? Number.NaN);
  expect(cellColours(cells).indexOf('1')).toBe(p95.indexOf(Math.min(...p95)));
});
