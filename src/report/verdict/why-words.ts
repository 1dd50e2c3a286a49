import { formatMs, unitOfMs } from '../../base/numbers.ts';
import type { GateCause } from '../../model/gate.ts';

/** Of a cause's parts, all growth in one unit with the same decimals; growth is `~` where its interval holds 0. */
export interface PartTexts {
  part: string;
  base: string;
  head: string;
  growth: string;
  interval: string;
}

export function partTexts(parts: GateCause['parts']): PartTexts[] {
  const largestMs = Math.max(0, ...parts.map(({ growthMs }) => Math.abs(growthMs)));
  const { unit } = unitOfMs(largestMs);
  const scale = { s: 0.001, ms: 1, µs: 1000 }[unit];
  const decimals = largestMs > 0 ? 2 - Math.floor(Math.log10(largestMs * scale)) : 0;
  const show = (ms: number) =>
    (ms * scale).toFixed(Math.min(3, Math.max(0, decimals))).replace(/^-(?=[0.]+$)/, '');
  return parts.map(({ part, baseMs, headMs, growthMs, lowMs, highMs, shown }) => ({
    part,
    base: formatMs(baseMs),
    head: formatMs(headMs),
    growth: shown ? `${growthMs > 0 ? '+' : ''}${show(growthMs)} ${unit}` : '~',
    interval: lowMs === null || highMs === null ? '' : `[${show(lowMs)}, ${show(highMs)}] ${unit}`,
  }));
}

/** `example of base: 1-6920… (10.1 ms)`. */
export function exampleTexts({ traces }: GateCause): string[] {
  return (['base', 'head'] as const).flatMap((side) => {
    const trace = traces[side];
    return trace === null
      ? []
      : [`example of ${side}: ${trace.traceId} (${formatMs(trace.totalMs)})`];
  });
}
