import { expect, test } from 'vitest';
import { escapeMarkdown, renderMarkdown } from './markdown.ts';
import { HOSTILE, sampleAnalysis, uglyAnalysis } from './testing/sample-analysis.ts';

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
