import { expect, test } from 'vitest';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Revision } from '../../model/endpoint.ts';
import { compareCells } from '../compare/comparisons.ts';
import { headline } from './headline.ts';
import { cell, figure } from './testing/headline-cell.ts';

/** What the headline says of a gate's run, below its verdict. */

function side(of: CellAnalysis, revision: Revision): CellAnalysis {
  const { endpoint, id } = of.cell;
  return {
    ...of,
    cell: { ...of.cell, id: `${id}-${revision}`, endpoint: { ...endpoint, revision } },
  };
}

const narrow = (ms: number) => figure(ms, ms - 1, ms + 1);

test('head is never ranked against base, whichever of them is faster', () => {
  for (const [base, head] of [
    [40, 60],
    [60, 40],
  ] as const) {
    const cells = [side(cell(1024, narrow(base)), 'base'), side(cell(1024, narrow(head)), 'head')];
    const sentences = headline(cells, compareCells(cells));
    expect(sentences[0]).toBe(`p99 is ${head}.0 ms [${head - 1}.0, ${head + 1}.0] at head.`);
    expect(sentences.join(' ')).not.toMatch(/faster|slower|lowest|base/);
  }
});

test('another factor is told of at head', () => {
  const cells = [1024, 2048].flatMap((memoryMb) => [
    side(cell(memoryMb, narrow(memoryMb === 1024 ? 90 : 40)), 'base'),
    side(cell(memoryMb, narrow(memoryMb === 1024 ? 94 : 41)), 'head'),
  ]);
  const [first, ...others] = headline(cells, compareCells(cells));
  expect(first).toMatch(
    /^p99 is 41\.0 ms .* at 2048 MB · head, 2\.3 times faster than at 1024 MB · head/,
  );
  expect(others.join(' ')).not.toContain('base');
});

test('a side that is void is named, and without figures of head there is nothing to say', () => {
  const base = side(cell(1024, narrow(40), { state: 'void' }), 'base');
  const head = side(cell(1024, narrow(41)), 'head');
  expect(headline([base, head]).at(-1)).toBe(
    'Base is void (CPU of the load generator: 95% of 2 cores).',
  );
  const dead = side(cell(1024, narrow(41), { state: 'void' }), 'head');
  expect(headline([side(cell(1024, narrow(40)), 'base'), dead])[0]).toBe(
    'No figure of head can be relied on.',
  );
});
