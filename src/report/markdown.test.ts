import { expect, test } from 'vitest';
import { compared } from '../../test/factor-samples.ts';
import { noCost } from '../model/testing/empty.ts';
import { escapeMarkdown } from './markdown/text.ts';
import { renderMarkdown } from './markdown.ts';
import {
  burstAnalysis,
  HOSTILE,
  manyCellsAnalysis,
  sampleAnalysis,
  sweepAnalysis,
  uglyAnalysis,
} from './testing/sample-analysis.ts';

test('the answer, a row a cell, cold starts', () => {
  const text = renderMarkdown(sampleAnalysis());
  expect(text).toMatch(/^## p99 is \d+ ms \\\[\d+, \d+\\\] at 2048 MB/);
  expect(text).toMatch(/\| 1024 MB \| [\d,]+ \| .*\| init \d+%, .* \| sound \|/);
  expect(text).toMatch(/\| cold starts \|/);
});

test('void cells are struck through and checks that failed are named', () => {
  const text = renderMarkdown(uglyAnalysis());
  expect(text).toContain('~~apollo · 128 MB · x1~~');
  expect(text).toContain('| void | Answered requests |');
});

test.each(HOSTILE)('%j is text', (hostile) => {
  const escaped = escapeMarkdown(hostile);
  expect(escaped).not.toMatch(/[<>\n\u2028\u2029]/);
  expect(escaped).not.toMatch(/(?<!\\)[[\]|`*]/);
  expect(escapeMarkdown('@someone')).toBe('\\@someone');
});

test('figures stand to the right, words to the left', () => {
  const lines = renderMarkdown(uglyAnalysis()).split('\n');
  const ruleOf = (start: string) => lines[lines.findIndex((line) => line.startsWith(start)) + 1];
  expect(ruleOf('| cell | state |')).toBe('| :-- | :-- | :-- | :-- | :-- | :-- |');
  expect(ruleOf('| cell | requests |')).toMatch(/^\| :-- \| --: .*--: \| :-- \| :-- \| :-- \|$/);
});

test.each([
  ['3 of 2,140 (0.14%)', '3 of 2,140 (0.14%)'],
  ['[x](javascript:pwned)', '\\[x\\](javascript:pwned)'],
  ['![x](http://127.0.0.1/x.png)', '\\!\\[x\\](http://127.0.0.1/x.png)'],
  ['\\[x](y)', '\\\\\\[x\\](y)'],
  ['[x][y]\n\n[y]: /z "t"', '\\[x\\]\\[y\\] \\[y\\]: /z "t"'],
])('%j: parentheses are left alone and still no link comes of it', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

const five = renderMarkdown(compared(sweepAnalysis(5)));
const rowsUnder = (start: string) => {
  const lines = five.split('\n');
  const at = lines.findIndex((line) => line.startsWith(start));
  const end = lines.findIndex((line, i) => i > at && !line.startsWith('|'));
  return at === -1 ? [] : lines.slice(at + 2, end);
};

test('why the tail is what it is: a row a cell and percentile, and what it would be without cold starts', () => {
  expect(rowsUnder('| cell | above |').filter((row) => row.includes('| p99 |'))).toHaveLength(5);
  expect(rowsUnder('| cell | above |')[1]).toMatch(
    /^\| 512 MB \| p99 \| \d+ .* init [\d.]+% \[.*\| p99 [\d.]+ ms \[/,
  );
});

test('memory: advice with how sure it is, every quantity at every size, a fit only where there is one', () => {
  expect(rowsUnder('| choose |').map((row) => row.split(' | ').slice(0, 3).join(' '))).toEqual([
    '| Fastest **3008 MB** likely: best in 5 of 5 rounds',
    '| Cheapest **512 MB** shown: best in 5 of 5 rounds',
    '| Balanced – open: best in 0 of 5 rounds',
    '| Cheapest with p99 ≤ 400 ms **1769 MB** likely: within it in 5 of 5 rounds',
  ]);
  const quantities = rowsUnder('| over memory |');
  expect(quantities).toHaveLength(7);
  expect(
    quantities.filter((row) => row.includes('vCPU')).map((row) => row.split(' | ')[0]),
  ).toEqual(['| first handler call', '| connection set-up']);
});

test('cost: a total with its interval, every item, how it was computed, what is assumed', () => {
  expect(rowsUnder('| per million requests |')[0]).toMatch(
    /^\| 512 MB \| \$\d+\.\d\d \[\d+\.\d\d, \d+\.\d\d\] \| \$0\.200 \|/,
  );
  const bases = rowsUnder('| item | basis |');
  expect(bases).toContain('| X-Ray | 1 trace × \\$5.00 per million, all sampled | all |');
  expect(bases.filter((row) => row.startsWith('| compute |'))).toHaveLength(5);
  expect(five).toContain('- List prices, x86, without free tiers or savings plans.');
});

test('only trials that are not sound are listed, and those left out say so', () => {
  const rows = rowsUnder('| cell | trial |');
  expect(rows.length).toBeGreaterThan(1);
  expect(rows[0]).toMatch(/^\| 512 MB \| 3 \| void \| left out \| Wait for a core/);
  expect(rows.join()).not.toContain('| sound |');
});

test('a burst is a table of its own', () => {
  expect(renderMarkdown(burstAnalysis())).toMatch(
    /### Burst\n\n\| cell \| until warm \| environments/,
  );
  expect(five).not.toContain('### Burst');
});

test('five cells fit into a comment, thirty of ten trials into a job summary', () => {
  expect(Buffer.byteLength(five)).toBeLessThan(64 * 1024);
  expect(Buffer.byteLength(renderMarkdown(compared(manyCellsAnalysis(10))))).toBeLessThan(2 ** 20);
});

test('every row of a table has as many columns as its head', () => {
  for (const text of [five, renderMarkdown(uglyAnalysis()), renderMarkdown(burstAnalysis())]) {
    let columns = 0;
    for (const line of text.split('\n')) {
      const found = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
      if (columns > 0 && found > 0)
        expect(line.slice(0, 60) + found).toBe(line.slice(0, 60) + columns);
      columns = found;
    }
  }
});

test('an amount of money starts no formula', () => {
  expect(escapeMarkdown('$a$ of $1.20')).toBe('\\$a\\$ of \\$1.20');
});

test('a cost that is not known says why', () => {
  const analysis = sampleAnalysis();
  const lacking = 'Cells of forced cold starts have no cost.';
  for (const cell of analysis.cells) {
    cell.cost = { ...noCost(), lacking: [lacking] };
    cell.cost.total.note = 'forced cold starts';
  }
  const text = renderMarkdown(analysis);
  expect(text).toContain('### Cost: What a million requests cost is not known: forced cold starts');
  expect(text).toContain(`Of the totals:\n\n- ${lacking}`);
  expect(text).not.toContain('| item | basis |');
});
