import type { Waterfall } from '../../model/analysis.ts';

export type Bar = Waterfall['spans'][number];

export interface SpanRow extends Record<string, string | number | boolean | null> {
  id: string;
  parentId: string | null;
  role: string;
  name: string;
  startedUs: number;
  endedUs: number | null;
  failed: boolean;
}

/** Beyond it the clocks of client and service are not the same: X-Ray's step of a millisecond. */
const CLOCK_STEP_US = 1000;
const DEEPEST = 12;

/**
 * Bars of a trace's spans from the request's start, parents before children. Locally client and
 * service share a clock. Where the outermost span does not lie within the client's waiting they do not
 * (AWS): the spans are then moved together, so that the outermost lies in the middle of it, which
 * assumes that the way there takes as long as the way back. Spans that ended before the request began
 * (an init nobody waited for) have no bar.
 */
export function placeSpans(
  spans: readonly SpanRow[],
  requestStartedUs: number,
  waiting: { fromUs: number; lengthUs: number },
): Bar[] {
  const ids = new Set(spans.map(({ id }) => id));
  const children = new Map<string | null, SpanRow[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : null;
    const list = children.get(parent) ?? [];
    list.push(span);
    children.set(parent, list);
  }
  const shiftUs = shiftOf(children.get(null) ?? [], waiting);
  const bars: Bar[] = [];
  const add = (span: SpanRow, depth: number) => {
    const startMs = (span.startedUs + shiftUs - requestStartedUs) / 1000;
    const endMs = ((span.endedUs ?? span.startedUs) + shiftUs - requestStartedUs) / 1000;
    if (endMs >= 0) {
      const { role, name, failed } = span;
      bars.push({ role, name, depth, startMs: Math.max(0, startMs), endMs, error: failed });
    }
    if (depth < DEEPEST) for (const child of children.get(span.id) ?? []) add(child, depth + 1);
  };
  for (const root of children.get(null) ?? []) add(root, 1);
  return bars;
}

/** Bars a reader can look through; a request that asks for each item by itself has a thousand. */
const MOST_BARS = 100;

/** Those that failed and the longest, in their order, and how many that leaves out. */
export function mostTelling(bars: readonly Bar[]): { bars: readonly Bar[]; leftOut: number } {
  if (bars.length <= MOST_BARS) return { bars, leftOut: 0 };
  const length = ({ startMs, endMs }: Bar) => endMs - startMs;
  const sorted = bars.toSorted(
    (a, b) => Number(b.error) - Number(a.error) || length(b) - length(a),
  );
  const kept = new Set(sorted.slice(0, MOST_BARS));
  return { bars: bars.filter((bar) => kept.has(bar)), leftOut: bars.length - MOST_BARS };
}

function shiftOf(roots: readonly SpanRow[], waiting: { fromUs: number; lengthUs: number }): number {
  const outermost = roots.find(({ role }) => role === 'gateway' || role === 'service') ?? roots[0];
  if (outermost === undefined || outermost.endedUs === null) return 0;
  const endUs = waiting.fromUs + waiting.lengthUs;
  const within =
    outermost.startedUs >= waiting.fromUs - CLOCK_STEP_US &&
    outermost.endedUs <= endUs + CLOCK_STEP_US;
  if (within) return 0;
  const lengthUs = outermost.endedUs - outermost.startedUs;
  return Math.round(waiting.fromUs + (waiting.lengthUs - lengthUs) / 2 - outermost.startedUs);
}
