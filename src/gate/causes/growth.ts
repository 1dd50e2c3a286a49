import { mean } from 'simple-statistics';
import { formatMs, unitOfMs } from '../../base/numbers.ts';
import type { GateCause } from '../../model/gate.ts';
import { meanInterval } from '../../stats/intervals.ts';

export type GrownPart = GateCause['parts'][number];

/** What a cause says, before its traces. */
export type CauseText = Pick<GateCause, 'sentence' | 'parts'>;

/** Of fewer pairs an interval says more of them than of the growth. */
const LEAST_PAIRS = 3;

/** One part over the pairs, in milliseconds: [base, head] of each. */
export function growthOf(
  part: GrownPart['part'],
  pairs: readonly (readonly [number, number])[],
): GrownPart {
  const growths = pairs.map(([base, head]) => head - base);
  const own = {
    part,
    baseMs: mean(pairs.map(([base]) => base)),
    headMs: mean(pairs.map(([, head]) => head)),
  };
  if (pairs.length < LEAST_PAIRS) {
    return { ...own, growthMs: mean(growths), lowMs: null, highMs: null, shown: false };
  }
  const { value, low, high } = meanInterval(growths);
  return { ...own, growthMs: value, lowMs: low, highMs: high, shown: low > 0 || high < 0 };
}

/** Largest growth first, without parts that neither side has. */
export function largestFirst(parts: readonly GrownPart[]): GrownPart[] {
  return parts
    .filter(({ baseMs, headMs }) => baseMs !== 0 || headMs !== 0)
    .sort((a, b) => b.growthMs - a.growthMs);
}

/** `1.49 ms [1.38, 1.60]`, the interval in the unit of the value. */
export function growthText({ growthMs, lowMs, highMs }: GrownPart): string {
  if (lowMs === null || highMs === null) return formatMs(growthMs);
  const { show } = unitOfMs(growthMs);
  return `${formatMs(growthMs)} [${show(lowMs)}, ${show(highMs)}]`;
}

const WHERE: Record<GrownPart['part'], string> = {
  client: 'the client',
  network: 'the network',
  front: 'the front',
  placement: 'placement',
  init: 'init',
  handler: 'the handler',
  backend: 'calls to the backend',
  overhead: 'the runtime after the answer',
  unexplained: 'no span',
  load: 'loading the handler’s module',
  start: 'starting the environment',
};
/** `the handler` */
export const placeOf = ({ part }: GrownPart) => WHERE[part];

/**
 * `1.49 ms [1.38, 1.60] (97%) of it in the handler`: the part that grew most, and how much of the whole
 * it is; where others shrank it may be more than that. Where chance may have made it, that is said.
 */
export function mostOf(parts: readonly GrownPart[], wholeMs: number): string {
  const most = parts[0];
  if (most === undefined || most.growthMs <= 0) return 'no part of it grew';
  const share = wholeMs > 0 ? most.growthMs / wholeMs : Number.POSITIVE_INFINITY;
  const percent = share < 0.995 ? ` (${Math.round(share * 100)}%)` : '';
  const how = share < 1.1 ? `${percent} of it in` : ' more in';
  const found = `${growthText(most)}${how} ${placeOf(most)}`;
  if (most.shown) return found;
  if (most.lowMs === null) return `${found}, of too few pairs to be shown`;
  return `${found}, which is not shown: its interval holds 0`;
}
