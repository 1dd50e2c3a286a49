import { expect, test } from 'vitest';
import { compared } from '../../test/factor-samples.ts';
import type { Analysis } from '../model/analysis.ts';
import { noCost } from '../model/testing/empty.ts';
import { renderTable } from './terminal.ts';
import {
  burstAnalysis,
  coldAnalysis,
  manyCellsAnalysis,
  sampleAnalysis,
  sweepAnalysis,
  uglyAnalysis,
} from './testing/sample-analysis.ts';

test('a row a cell with where time goes, warnings beneath', () => {
  const lines = renderTable(sampleAnalysis(), { width: 150, colour: false }).split('\n');
  const header = lines.findIndex((line) => line.startsWith('cell'));
  expect(lines[header]).toMatch(
    /^cell +requests +rate +failures +cold +p50 +p95 +p99 +\[95%\] +max +\$\/million +at the median +above p99$/,
  );
  expect(lines[header + 1]).toMatch(/^1024 MB +[\d,]+ +[\d.]+\/s +[\d.]+% .* ms .*init \d+%, /);
  expect(lines[header + 2]).toMatch(/^2048 MB/);
  expect(lines.at(-2)).toMatch(/^note: Initialisations waited/);
});

test('a column in which no cell has anything is not there', () => {
  const analysis = sampleAnalysis();
  for (const cell of analysis.cells) cell.bands = [];
  const text = renderTable(analysis, { width: 160, colour: false });
  expect(text).not.toContain('at the median');
  expect(text).not.toContain('above p99: –');
});

test.each([60, 80, 100, 140])('%i columns are enough', (width) => {
  for (const analysis of [sampleAnalysis(), manyCellsAnalysis(1)]) {
    const lines = renderTable(analysis, { width, colour: false }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    const header = lines.find((line) => line.startsWith('cell'));
    for (const name of ['failures', 'cold', 'p50', 'p99']) expect(header).toContain(name);
  }
});

test('colour only where it is asked for, and a void cell says so', () => {
  const plain = renderTable(uglyAnalysis(), { width: 120, colour: false });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(plain).not.toMatch(/\u001b/);
  expect(plain).toContain('(void)');
  expect(renderTable(uglyAnalysis(), { width: 120, colour: true })).toContain('\u001b[31m');
});

test('foreign text moves no cursor and adds no line', () => {
  const analysis = sampleAnalysis({ trials: 1 });
  analysis.headline = ['a\u001b[2Jb\nc\u2028d\u202ee'];
  expect(renderTable(analysis, { width: 100, colour: false })).toMatch(/^a \[2Jb c d e\n/);
});

const at100 = (analysis: Analysis) => renderTable(analysis, { width: 100, colour: false });

test('five sizes: why p99, which size to choose, what is left out and what it costs, on one screen', () => {
  const text = at100(compared(sweepAnalysis(5)));
  expect(text.split('\n').length).toBeLessThanOrEqual(42);
  const why = text.slice(text.indexOf('\nwhy p99'), text.indexOf('\nmemory\n'));
  expect(why).toMatch(/the 4 cells with the highest\n512 MB: \d+% \[/);
  expect(why.match(/^\d+ MB: /gm)).toHaveLength(4);
  expect(text).toMatch(
    /^fastest 3008 MB \(likely: .*cheapest 512 MB \(shown: .*p99 ≤ 400 ms 1769 MB \(likely/ms,
  );
  expect(text).toMatch(/not known:\s+balanced/);
  expect(text).toMatch(
    /left out of the figures\n512 MB trial 3: Wait for a core of this host: 31%/,
  );
  expect(text).toMatch(
    /\$\/million is the whole stack at list prices of us-east-1 as of 2026-11-20/,
  );
});

test('a burst says when it was warm, forced cold starts what they add', () => {
  expect(at100(burstAnalysis())).toMatch(/^burst\n1024 MB: [\d.]+ s/m);
  expect(at100(coldAnalysis())).toMatch(/^cold starts: A cold start adds \d+ ms \[/m);
  expect(at100(sampleAnalysis())).not.toMatch(/^(burst|cold starts)/m);
});

test('many cells and doubts: what is not listed is counted', () => {
  const analysis = manyCellsAnalysis(10);
  analysis.warnings = Array.from({ length: 20 }, (_, i) => ({
    code: 'init-queue',
    severity: 'note',
    message: `note ${i}`,
  }));
  const text = at100(analysis);
  expect(text).toContain('4 more groups are in the report');
  expect(text).toMatch(/\d+ more trials are in the report/);
  expect(text).toContain('12 more doubts and notes are in the report');
});

test('a bill that is not known has no column', () => {
  const analysis = sampleAnalysis();
  for (const cell of analysis.cells) cell.cost = noCost();
  expect(at100(analysis)).not.toContain('million');
});
