import { describe, expect, test } from 'vitest';
import {
  baselineGate,
  budgetsGate,
  exactGate,
  failingRequestsGate,
  manyCellsGate,
  passedGate,
  sameCodeGate,
  sampleGate,
  slowerGate,
  slowInitGate,
  undecidedGate,
} from '../testing/sample-gate.ts';
import { sampleRow } from '../testing/sample-gate-row.ts';
import { renderGate } from './terminal.ts';

const at = (width: number, result = slowerGate()) => renderGate(result, { width, colour: false });
const lineOf = (text: string, start: string) =>
  text.split('\n').find((line) => line.startsWith(start)) ?? '';

test('the verdict comes first, with both sides, pairs and time', () => {
  expect(at(120)).toMatch(
    /^FAIL {2}origin\/main 3f2c1a9 → working tree \(3 files differ from 3f2c1a9\) {3}8 pairs, decided, 3 m 12 s\n/,
  );
  expect(at(120, passedGate())).toMatch(/^PASS {2}origin/);
  expect(at(160, undecidedGate())).toMatch(
    /^INCONCLUSIVE {2}.* 30 pairs, as many as --max-pairs allows/,
  );
  expect(at(160, baselineGate())).toMatch(/^FAIL \(advisory\) {2}bench-baseline.json 3f2c1a9/);
  expect(at(120, budgetsGate())).toMatch(
    /^FAIL {2}working tree .* against its budgets {3}7 rounds/,
  );
});

test('a row has figures of both sides, change, interval, tolerance, p, pairs and verdict', () => {
  const text = at(120);
  expect(lineOf(text, 'metric')).toMatch(
    /^metric +base +head +change +\[…\] +tolerance +p \(Holm\) +sign-flip p +pairs +verdict$/,
  );
  expect(lineOf(text, 'p50 ')).toMatch(
    /^p50 +10\.0 ms +11\.6 ms +\+15\.4% +\[\+\d+\.\d, \+\d+\.\d\] +5% +<0\.001 +0\.008 +7 +FAIL$/,
  );
  expect(lineOf(text, 'init ')).toMatch(/ -0\.7% .* PASS$/);
  expect(text).toMatch(/p50: at least 12\.1% slower; 5% are tolerated\n/);
});

test('what interval and p are is said, with how many tests there were', () => {
  expect(at(400)).toMatch(
    /\n\[…\] bounds the change: each of its ends holds at 95%, .* adjusted for the looks and for 3 tests\. .*\n$/,
  );
  expect(at(120, sameCodeGate())).not.toContain('Holm');
});

test('why: the sentence, three parts, an example of each side', () => {
  const text = at(120);
  expect(text).toContain('why p50 of dynamo · 1024 MB: p50 grew by 1.54 ms');
  expect(text).toMatch(/\n {2}handler +6\.10 ms +7\.59 ms +\+1\.49 ms +\[1\.38, 1\.60\] ms\n/);
  expect(text).toMatch(/\n {2}backend .* ~ +\[-0\.02, 0\.10\] ms\n/);
  expect(text).not.toContain('unexplained');
  expect(text).toContain('example of base: 1-692010a8-4f1c2d3e5a6b7c8d9e0f1a2b (10.1 ms)');
  expect(text).toContain('example of head: 1-692010c4-0a1b2c3d4e5f60718293a4b5 (11.6 ms)');
  const init = at(120, slowInitGate());
  expect(init).toMatch(/\n {2}load +301 ms +360 ms +\+59\.0 ms/);
  expect(init).not.toContain('example of');
});

test('rounds that do not count and notes are told', () => {
  const text = at(120);
  expect(text).toContain(
    'not counted: round 3 of dynamo · 1024 MB, base: CPU of the generator ÷ all cores: 93%',
  );
  expect(text).toContain('The working tree has changes that are not committed');
});

describe('guards', () => {
  test('are one line where no request failed', () => {
    expect(at(120)).toContain('\nno request failed on either side\n');
    expect(at(120)).not.toContain('error rate');
  });

  test('are rows, named as guards, where requests failed', () => {
    const failed = at(120, failingRequestsGate());
    expect(failed).toMatch(/error rate \(guard\) +0% +2\.10% +\+2\.10 points .* FAIL\n/);
    expect(failed).not.toContain('no request failed');
    expect(at(120, undecidedGate())).toMatch(/error rate \(guard\) +0\.100% .* PASS\n/);
  });

  test('that are not known hold nothing up and are not told as if they did', () => {
    const guard = sampleRow({
      metric: 'errorRate',
      base: 0.001,
      head: 0.002,
      verdict: 'inconclusive',
      reason: 'no growth is shown',
      guard: true,
    });
    const text = at(120, sampleGate({ rows: [...passedGate().rows.slice(0, 2), guard] }));
    expect(text).not.toContain('is undecided');
    expect(text).toMatch(/error rate \(guard\) .* INCONCLUSIVE\n/);
  });
});

test('an inconclusive row says why, and how many pairs more would decide', () => {
  expect(at(120, undecidedGate())).toContain(
    'p99 is undecided: between 1.1% and 7.9% slower after 30 pairs; about 24 more would decide',
  );
});

test('budgets have limits and no base; exact rows neither interval nor p', () => {
  const budgets = at(120, budgetsGate());
  expect(lineOf(budgets, 'metric')).not.toMatch(/base|change \d/);
  expect(budgets).toMatch(/p99 budget +58\.1 ms .*\[57\.\d, 59\.\d\] +≤ 50\.0 ms .* FAIL/);
  expect(budgets).toContain('[…] bounds the figure');
  const exact = at(120, exactGate());
  expect(exact).toMatch(/backend calls of Timeline +3 +13 +\+333\.3% .* FAIL/);
  expect(lineOf(exact, 'metric')).not.toContain('p (Holm)');
  expect(exact).toMatch(/init +1\.00 ms +– +– .* FAIL/);
});

test('same code: a verdict without a table', () => {
  expect(at(140, sameCodeGate())).toMatch(
    /^PASS {2}.* 0 pairs, the code of both sides is the same\n\nThe code of both sides/,
  );
});

const ALL = [
  passedGate,
  slowerGate,
  undecidedGate,
  slowInitGate,
  failingRequestsGate,
  baselineGate,
  budgetsGate,
  sameCodeGate,
  exactGate,
  manyCellsGate,
];

test.each([60, 80, 120])('%i columns are enough, and keep metric, change and verdict', (width) => {
  for (const make of ALL) {
    const lines = at(width, make()).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    for (const header of lines.filter((line) => line.startsWith('metric'))) {
      expect(header).toMatch(/^metric .*change .*verdict$/);
    }
  }
});

test('narrow terminals lose p before the interval', () => {
  const header = lineOf(at(60), 'metric');
  expect(header).toContain('[…]');
  expect(header).not.toContain('p (Holm)');
});

test('of a hundred cells those that failed have tables, the others are counted', () => {
  const text = at(120, manyCellsGate(100));
  expect(text.match(/^metric /gm)).toHaveLength(8);
  expect(text.match(/^p50 .*FAIL$/gm)).toHaveLength(8);
  expect(text).toContain(
    '92 more cells: 2 failed, 13 undecided, 77 passed; they are in gate/gate.json',
  );
  expect(text.split('\n').length).toBeLessThan(120);
});

test('colour only where it is asked for', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(at(100)).not.toMatch(/\u001b/);
  const painted = renderGate(slowerGate(), { width: 120, colour: true });
  expect(painted).toContain('\u001b[31mFAIL\u001b[39m');
  expect(painted.startsWith('\u001b[31m\u001b[1mFAIL')).toBe(true);
});

test('foreign text moves no cursor, adds no line and makes no column too wide', () => {
  const hostile = `a\u001b[2Jb\nc\u202e${'x'.repeat(300)}`;
  const result = slowerGate();
  result.head.label = hostile;
  result.notes = [hostile];
  for (const row of result.rows) Object.assign(row, { label: hostile, operation: hostile });
  const text = at(80, result);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text).toContain('a [2Jb c ');
  const table = text.split('\n').filter((line) => /(PASS|FAIL)$/.test(line));
  expect(Math.max(...table.map((line) => [...line].length))).toBeLessThanOrEqual(80);
});
