import { describe, expect, test } from 'vitest';
import type { GateResult } from '../../model/gate.ts';
import {
  baselineGate,
  failingRequestsGate,
  manyCellsGate,
  passedGate,
  sameCodeGate,
  slowerGate,
  undecidedGate,
} from '../testing/sample-gate.ts';
import { comment, MOST_COMMENT_CHARACTERS, MOST_SUMMARY_BYTES, summary } from './markdown.ts';

describe('what is said', () => {
  test('the verdict, the reasons, the table, the parts that grew, examples', () => {
    const text = summary(slowerGate());
    expect(text).toMatch(/^## bench gate: FAIL\n\norigin\/main 3f2c1a9 → working tree/);
    expect(text).toContain('- **p50**: at least 12.1% slower; 5% are tolerated');
    expect(text).toMatch(
      /\n\| p50 \| 10\.0 ms \| 11\.6 ms \| \+15\.4% \| .* \| 7 \| \*\*FAIL\*\* \|/,
    );
    expect(text).toMatch(/\n\| handler \| 6\.10 ms \| 7\.59 ms \| \+1\.49 ms \| /);
    expect(text).toContain('example of head: 1-692010c4-0a1b2c3d4e5f60718293a4b5 (11.6 ms)');
    expect(text).toContain('\nNo request failed on either side.\n');
  });

  test('void rounds, notes, code and method are folded away', () => {
    const text = summary(slowerGate());
    const details = text.slice(text.indexOf('<details>'));
    expect(details).toContain(
      '- round 3 of dynamo · 1024 MB, base: CPU of the generator ÷ all cores: 93%',
    );
    expect(details).toContain('- The working tree has changes');
    expect(details).toContain('812,344 → 812,410 bytes');
    expect(details).toContain('adjusted for the looks and for 3 tests');
    expect(details).toMatch(/<\/details>\n$/);
  });

  test('each verdict by its word', () => {
    expect(summary(passedGate())).toMatch(/^## bench gate: PASS\n/);
    expect(summary(undecidedGate())).toMatch(/^## bench gate: INCONCLUSIVE\n/);
    expect(summary(undecidedGate())).toMatch(/\*\*p99\*\* is undecided: .* 24 more would decide/);
    expect(summary(baselineGate())).toMatch(/^## bench gate: FAIL \(advisory\)\n/);
    expect(summary(failingRequestsGate())).toMatch(/\| error rate \(guard\) \| 0% \| 2\.10% \|/);
    expect(summary(sameCodeGate())).not.toContain('|');
  });

  test('every line of a table has as many cells as its header', () => {
    for (const result of [slowerGate(), manyCellsGate(3), hostileGate()]) {
      for (const table of summary(result).matchAll(/(?:^\|.*\n)+/gm)) {
        const widths = table[0]
          .trim()
          .split('\n')
          .map((line) => line.split(/(?<!\\)\|/).length);
        expect(new Set(widths).size).toBe(1);
      }
    }
  });

  test('the comment is the summary behind its marker', () => {
    expect(comment(slowerGate())).toBe(
      `<!-- graphql-lambda-bench gate -->\n${summary(slowerGate())}`,
    );
  });
});

const HOSTILE =
  'main|<img src=x onerror=alert(1)> @everyone #1 GH-2 o/r#3 [a](javascript:b) `c` **d** https://e.f www.g.h </details> <!-- graphql-lambda-bench gate -->\n\n# i\u202e';

function hostileGate(): GateResult {
  const result = slowerGate();
  const trace = { cellId: HOSTILE, traceId: HOSTILE, totalMs: 1 };
  return {
    ...result,
    runId: '`</code>@everyone',
    base: { label: HOSTILE, commit: null, note: HOSTILE },
    head: { label: HOSTILE, commit: HOSTILE, note: null },
    rows: result.rows.map((row, i) => ({
      ...row,
      cellId: `${HOSTILE}${i}`,
      label: HOSTILE,
      operation: HOSTILE,
      reason: HOSTILE,
    })),
    causes: result.causes.map((cause) => ({
      ...cause,
      cellId: HOSTILE,
      sentence: HOSTILE,
      traces: { base: trace, head: trace },
    })),
    rounds: {
      ...result.rounds,
      void: [{ cellId: HOSTILE, round: 1, side: 'head', reason: HOSTILE }],
    },
    bundles: [{ key: HOSTILE, baseBytes: 1, headBytes: 2, same: false }],
    notes: [HOSTILE, '- list', '1. list', '    code', '@everyone'],
  };
}

test('foreign text becomes no markup, link, reference or mention', () => {
  const text = comment(hostileGate());
  expect(text).toContain('main\\|&lt;img src=x');
  const tags = [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  expect(tags).toEqual([
    '<!-- graphql-lambda-bench gate -->',
    '<details>',
    '<summary>',
    '</summary>',
    '</details>',
  ]);
  expect(text).not.toMatch(/@\w/);
  expect(text).not.toMatch(/#\d|GH-\d/);
  expect(text).not.toMatch(/:\/\/|www\./);
  expect(text).not.toMatch(/\u202e|(?<!\\)\[/);
  expect(text.match(/^#/gm)).toHaveLength(text.match(/^#{2,3} [a-zA-Z]/gm)?.length ?? 0);
  expect(text).toContain('\n- \\- list\n- 1\\. list\n- code\n');
  // The one code span is ours, around what is left of a run id.
  expect(text.match(/(?<!\\)`/g) ?? []).toHaveLength(0);
});

describe('sizes', () => {
  const characters = (text: string) => text.length;

  test('3,000 rows fit a comment and a summary, and say what is missing and where it is', () => {
    const result = manyCellsGate(1000);
    expect(result.rows).toHaveLength(3000);
    const [short, long] = [comment(result), summary(result)];
    expect(characters(short)).toBeLessThanOrEqual(MOST_COMMENT_CHARACTERS);
    expect(characters(short)).toBeGreaterThan(MOST_COMMENT_CHARACTERS * 0.6);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(MOST_SUMMARY_BYTES);
    expect(short).toMatch(
      /_[\d,]+ rows that passed are not shown; they are in gate\/gate\.json of run/,
    );
    expect(short).toMatch(
      /_[\d,]+ more causes are in gate\/gate\.json of run `20261121-064200-7f3a`/,
    );
    expect(short).toMatch(/\| \*\*FAIL\*\* \|/);
    expect(long).toMatch(/\| PASS \|/);
  });

  test('rows that passed go before anything else does', () => {
    const result = manyCellsGate(300);
    result.causes = [];
    result.rounds.void = [{ cellId: 'a', round: 1, side: 'base', reason: 'b' }];
    const text = comment(result);
    expect(text).not.toMatch(/\| PASS \|/);
    expect(text).toContain('rows that passed are not shown');
    expect(text).toContain('- round 1 of a, base: b');
    expect(text).not.toMatch(/more (reason|row)/);
  });

  test('details are cut to their longest first, before causes', () => {
    const result = slowerGate();
    result.notes = Array.from({ length: 2000 }, (_, i) => `note ${i} ${'x'.repeat(100)}`);
    result.rounds.void = Array.from({ length: 20 }, (_, i) => ({
      cellId: 'a',
      round: i,
      side: 'head' as const,
      reason: 'b',
    }));
    const text = comment(result);
    expect(characters(text)).toBeLessThanOrEqual(MOST_COMMENT_CHARACTERS);
    expect(text).toMatch(/_[\d,]+ more notes are in gate\/gate\.json/);
    expect(text).not.toContain('more rounds');
    expect(text).toContain('| handler |');
  });

  test('a summary beyond 1 MiB is cut too', () => {
    const result = manyCellsGate(1000);
    result.notes = Array.from({ length: 8000 }, () => 'é'.repeat(250));
    const text = summary(result);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_SUMMARY_BYTES);
    expect(text).toMatch(/_[\d,]+ more notes are in/);
  });

  test('hostile text of any length fits', () => {
    const huge = '<@|&'.repeat(10_000);
    const result = manyCellsGate(200);
    for (const row of result.rows) {
      Object.assign(row, { label: huge, reason: huge, verdict: 'fail' });
    }
    result.notes = [huge];
    result.head.label = huge;
    expect(characters(comment(result))).toBeLessThanOrEqual(MOST_COMMENT_CHARACTERS);
    expect(comment(result)).toContain('bench gate: FAIL');
  });
});
