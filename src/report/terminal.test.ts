import { expect, test } from 'vitest';
import { renderTable } from './terminal.ts';
import { manyCellsAnalysis, sampleAnalysis, uglyAnalysis } from './testing/sample-analysis.ts';

test('a row a cell with where time goes, warnings beneath', () => {
  const lines = renderTable(sampleAnalysis(), { width: 150, colour: false }).split('\n');
  const header = lines.findIndex((line) => line.startsWith('cell'));
  expect(lines[header]).toMatch(
    /^cell +requests +rate +failures +cold +p50 +p95 +p99 +\[95%\] +max +at the median +above p99$/,
  );
  expect(lines[header + 1]).toMatch(/^1024 MB +[\d,]+ +[\d.]+\/s +[\d.]+% .* ms .*init \d+%, /);
  expect(lines[header + 2]).toMatch(/^2048 MB/);
  expect(lines.at(-2)).toMatch(/^note: Initialisations waited/);
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
