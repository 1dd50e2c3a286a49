import { formatMs } from '../../base/numbers.ts';
import type { Tail } from '../../model/tail.ts';
import { withInterval } from '../figures/words.ts';
import { type PartContext, partWords } from './words.ts';

type Shares = Tail['parts'];

/** With fewer requests in a trial's tail the sentence says how few they are. */
export const FEW_A_TRIAL = 5;

/** Without an interval the second part is named, too, where it is at least this much of the first. */
const NEAR = 0.5;

/** The parts that may lead: the greatest share, and the second where the first is not shown to exceed it. */
export function leaders(parts: Shares): Shares {
  const [first, second] = [...parts].sort(
    (a, b) => (b.share.value as number) - (a.share.value as number),
  );
  if (first === undefined) return [];
  if (second === undefined || exceeds(first, second)) return [first];
  return [first, second];
}

function exceeds(first: Shares[number], second: Shares[number]): boolean {
  if (first.share.low !== null && second.share.high !== null) {
    return first.share.low > second.share.high;
  }
  return (second.share.value as number) < NEAR * (first.share.value as number);
}

/** The leading cause as a sentence, with what makes it doubtful. */
export function tailFinding(
  name: string,
  parts: Shares,
  totals: { middleMs: number; tailMs: number },
  context: PartContext,
): string {
  const [first, second] = leaders(parts);
  if (first === undefined) {
    return `Requests above ${name} take no longer than those around the median.`;
  }
  const said = (one: Shares[number]) =>
    `${withInterval(one.share)} of what requests above ${name} take longer than the median is ${partWords(one.part, context)}`;
  const more =
    second === undefined
      ? ''
      : `, ${withInterval(second.share)} ${partWords(second.part, context)}`;
  const times = `${formatMs(totals.tailMs)} against ${formatMs(totals.middleMs)} in the mean`;
  return `${said(first)}${more} (${[times, ...doubts(name, first, second !== undefined)].join('; ')}).`;
}

function doubts(name: string, { share }: Shares[number], tied: boolean): string[] {
  const { n, trials } = share;
  const found: string[] = [];
  if (tied) found.push('which of the two leads is not shown');
  if (share.low === null) {
    found.push(trials === 1 ? 'one trial: no interval' : `no interval: ${share.note}`);
  }
  if (n < FEW_A_TRIAL * trials) {
    found.push(
      `only ${n} ${n === 1 ? 'request' : 'requests'} above ${name}${trials === 1 ? '' : ` in ${trials} trials`}`,
    );
  }
  return found;
}
