import { expect, test } from 'vitest';
import { analysisSchema } from '../src/model/analysis.ts';
import { renderHtml } from '../src/report/html.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { renderTable } from '../src/report/terminal.ts';
import { sampleAnalysis } from '../src/report/testing/sample-analysis.ts';
import {
  compared,
  crowdedAnalysis,
  hostileVariantsAnalysis,
  serversAnalysis,
  twoVariantsAnalysis,
  variantsAnalysis,
} from './factor-samples.ts';

/** What the analysis says of factors, as the reports show it. */

test.each([
  ['eight variants', variantsAnalysis()],
  ['three servers', serversAnalysis()],
  ['thirty-two cells', crowdedAnalysis()],
  ['strange names', hostileVariantsAnalysis()],
])('%s: an analysis by its schema, and 120 columns are enough', (_, analysis) => {
  expect(analysisSchema.safeParse(analysis).error).toBeUndefined();
  for (const width of [80, 120]) {
    const lines = renderTable(analysis, { width, colour: false }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
  }
});

test('the terminal has a row a ratio, and says how many rows it leaves out', () => {
  const text = renderTable(variantsAnalysis(), { width: 120, colour: false });
  expect(text).toMatch(/^x100 +indexed ÷ as-published +0\.\d+× \[[\d., ]+\] +0\.\d+× \[/m);
  expect(text).toMatch(/^At x100, from as-published: p50 adding index \d/m);
  expect(renderTable(crowdedAnalysis(), { width: 120, colour: false })).toMatch(
    /^24 more, which differ less, are in the report$/m,
  );
});

test('Markdown has a table a factor, the causes, backend calls and handlers', () => {
  const text = renderMarkdown(variantsAnalysis());
  expect(text).toMatch(/^### By variant: At x100, indexed answers [\d.]+ times faster than/m);
  expect(text).toMatch(/^\| x100 ÷ x1 \| as-published \| \d/m);
  expect(text).toMatch(/^\| removing index \| x100: indexed → limit \| \d/m);
  expect(text).toMatch(/^\| indexed · x100 \| [\d.]+ \| [\d.]+ ms \[/m);
  expect(text).toContain('| apollo-postgres-pg | 1.25 MB | 301 kB | 61.0 ms [58.0–70.0] |');
  expect(renderMarkdown(twoVariantsAnalysis())).toContain(
    'which of them does it this run does not',
  );
});

test('foreign names of variants and features are text in Markdown', () => {
  const text = renderMarkdown(hostileVariantsAnalysis());
  expect(text).not.toMatch(/<(?:script|img|svg|details)/);
  const tables = text.split('\n').filter((line) => line.startsWith('| '));
  expect(tables.length).toBeGreaterThan(10);
});

test('a void cell is struck through and has no ratio', async () => {
  const analysis = sampleAnalysis({ batchings: [false, true], memoriesMb: [1024] });
  const [cell] = analysis.cells;
  if (!cell) throw new Error('no cell');
  cell.validity.state = 'void';
  const page = await renderHtml(compared(analysis));
  expect(page).toContain('<s>unbatched</s>');
  expect(page).toContain('void: no ratio is stated');
  expect(page).toContain('others are divided by this');
  expect(page).not.toContain('times faster than unbatched');
});

test('one cell has nothing to compare; memory alone keeps its chart, with the ratios beneath', async () => {
  const one = await renderHtml(compared(sampleAnalysis({ memoriesMb: [1024] })));
  expect(one).not.toContain('id="compared"');
  expect(one).not.toContain('href="#compared"');
  const memory = await renderHtml(compared(sampleAnalysis()));
  expect(memory).not.toContain('id="compared"');
  expect(memory).toContain('data-chart="memory-1-p50"');
  expect(memory).toContain('Ratios, paired by round');
});
