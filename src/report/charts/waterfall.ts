import { formatMs } from '../../base/numbers.ts';
import type { Waterfall } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import { type Chart, short } from './chart.ts';

/** The colour a span takes: that of the part its own time counts towards. */
const PART_OF_ROLE: Record<string, Part> = {
  gateway: 'front',
  integration: 'front',
  service: 'placement',
  function: 'handler',
  init: 'init',
  invocation: 'handler',
  overhead: 'overhead',
  backend: 'backend',
  other: 'unexplained',
};

export function waterfallChart(id: string, waterfall: Waterfall): Chart {
  const endMs = Math.max(waterfall.totalMs, ...waterfall.spans.map((span) => span.endMs), 0.001);
  return {
    id,
    spec: 'waterfall',
    height: Math.max(1, waterfall.spans.length) * 27,
    signals: { rows: Math.max(1, waterfall.spans.length), totalMs: endMs },
    data: {
      spans: {
        title: `Spans of trace ${waterfall.traceId}`,
        columns: [
          { field: 'row', header: '' },
          { field: 'role', header: 'role' },
          { field: 'name', header: 'span' },
          { field: 'part', header: 'part' },
          { field: 'depth', header: 'depth' },
          { field: 'startMs', header: 'start, ms' },
          { field: 'endMs', header: 'end, ms' },
          { field: 'error', header: 'error' },
          { field: 'text', header: '' },
          { field: 'leaf', header: '' },
        ],
        rows: waterfall.spans.map((span, row) => [
          row,
          span.role,
          span.name,
          PARTS.indexOf(partOf(span)),
          span.depth,
          short(span.startMs),
          short(span.endMs),
          span.error,
          `${span.name} · ${formatMs(span.endMs - span.startMs)}`,
          isLeaf(waterfall.spans, row),
        ]),
      },
    },
  };
}

function partOf(span: Waterfall['spans'][number]): Part {
  if (span.name === 'waiting') return 'network';
  return PART_OF_ROLE[span.role] ?? 'client';
}

/** A span that holds others is drawn pale: most of its time is theirs. Clocks differ by a millisecond. */
function isLeaf(spans: Waterfall['spans'], index: number): boolean {
  const span = spans[index];
  if (span === undefined) return true;
  return !spans.some((other) => {
    const shared = Math.min(span.endMs, other.endMs) - Math.max(span.startMs, other.startMs);
    return other.depth > span.depth && shared > 0 && shared >= (other.endMs - other.startMs) / 2;
  });
}
