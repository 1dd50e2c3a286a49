import { expect, test } from 'vitest';
import { type Compared, comparedSchema } from '../model/compared.ts';
import type { Figure } from '../model/figure.ts';
import { renderCompared } from './compare-table.ts';

function ms(value: number | null): Figure {
  const ends = value === null ? null : { low: value * 0.98, high: value * 1.02 };
  const interval = value === null ? 'none' : 'trials_t';
  return {
    value,
    unit: 'ms',
    low: ends?.low ?? null,
    high: ends?.high ?? null,
    interval,
    n: 9,
    trials: 5,
  };
}

function document(label = '1024 MB'): Compared {
  const side = { createdAt: '2026-11-20T19:15:00Z', cellId: null };
  const change = {
    kind: 'ratio',
    value: 0.828,
    low: 0.81,
    high: 0.85,
    p: 0.001,
    pAdjusted: 0.003,
    trials: { old: 5, new: 5 },
    shown: true,
  } as const;
  return comparedSchema.parse({
    version: 1,
    old: { ...side, runId: '20261120-191500-x7f2' },
    new: { ...side, runId: '20261121-080000-k2m9' },
    test: 'between_runs',
    method: ['Advisory: between two runs.', 'What p is.'],
    adjustment: { method: 'benjamini-hochberg', q: 0.1, comparisons: 3 },
    differences: [{ key: 'k6', old: '2.2.0', new: '2.3.0' }],
    cells: [
      {
        label,
        oldCellId: 'a',
        newCellId: 'a',
        doubts: ['new: Failures: 1.2%'],
        rows: [
          { figure: 'p50', old: ms(12.3), new: ms(10.2), change },
          {
            figure: 'p99',
            old: ms(40),
            new: ms(41),
            change: {
              ...change,
              value: 1.02,
              low: 0.93,
              high: 1.11,
              pAdjusted: 0.7,
              trials: { old: 5, new: 8 },
              shown: false,
            },
          },
          { figure: 'init', old: ms(null), new: ms(null), change: null, note: 'no cold start' },
          { figure: 'backend', old: ms(3), new: ms(null), change: null, note: 'new: not traced' },
        ],
      },
    ],
    notCompared: [
      {
        cellId: 'b',
        reason: 'it was gathered under other conditions',
        differences: [{ key: 'load: rate (requests/s)', old: '10', new: '20' }],
      },
    ],
    onlyOld: ['c'],
    onlyNew: [],
  });
}

test('as benchstat: old, new and the change with its interval, p and n; ~ where nothing is shown', () => {
  expect(renderCompared(document(), 120)).toMatchInlineSnapshot(`
    "old  20261120-191500-x7f2  2026-11-20 19:15 UTC
    new  20261121-080000-k2m9  2026-11-20 19:15 UTC

    Advisory: between two runs.

    what differs:
      k6: 2.2.0 → 2.3.0

    p50     │          old │          new │ vs base             [95%]
    1024 MB │ 12.3 ms ± 2% │ 10.2 ms ± 2% │ -17.20%  [-19.00, -15.00]  (p=0.003 n=5)

    p99     │          old │          new │ vs base            [95%]
    1024 MB │ 40.0 ms ± 2% │ 41.0 ms ± 2% │       ~  [-7.00, +11.00]  (p=0.700 n=5+8)

    backend time a request │          old │ new │ vs base  [95%]
    1024 MB                │ 3.00 ms ± 2% │   – │       ~         ¹

    ¹ new: not traced

    not compared:
      b: it was gathered under other conditions
        load: rate (requests/s): 10 → 20

    only in old:
      c

    doubtful:
      1024 MB: new: Failures: 1.2%

    What p is.
    p: adjusted for 3 comparisons, q = 0.10.
    "
  `);
});

test('80 columns are enough, and foreign labels are one line of text', () => {
  const hostile = `handler\u001b[31m\nwith a name that is as long as the terminal is wide ${'x'.repeat(60)}`;
  for (const width of [80, 120]) {
    const lines = renderCompared(document(hostile), width).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    expect(lines.join('\n')).not.toContain('\u001b');
  }
});

test('one trial a side: no ± of it, and nothing is said of p where nothing was tested', () => {
  const compared = document();
  compared.adjustment.comparisons = 0;
  for (const row of compared.cells.flatMap(({ rows }) => rows)) {
    row.old.interval = 'within_trial';
    row.change = null;
  }
  const text = renderCompared(compared, 120);
  expect(text).toMatch(/1024 MB │ 12.3 ms │ 10.2 ms ± 2% │ +~/);
  expect(text).not.toContain('What p is.');
  expect(text).toContain('No figure of both sides could be tested');
});
