import { formatMs, formatShare } from '../base/numbers.ts';
import { INIT_PARTS, type InitPart, type InitProfile, type Spread } from '../model/profile.ts';

/** What init does besides running the handler's code, for people. */
export const PART_WORDS: Record<InitPart, { label: string; is: string }> = {
  node: { label: 'starting Node', is: 'the process until the profiler runs' },
  runtime: { label: 'the runtime', is: 'bench’s stand-in for Lambda’s, before the handler' },
  bundle: { label: 'reading and compiling the bundle', is: 'grows with its size, of no package' },
  waiting: { label: 'waiting', is: 'nothing to do: top-level await, reading' },
};

export function shownParts({ parts }: InitProfile): { part: InitPart; spread: Spread }[] {
  return INIT_PARTS.map((part) => ({ part, spread: parts[part] })).filter(
    ({ part, spread }) => part !== 'waiting' || spread.medianMs > 0,
  );
}

export function shareOfInit({ profiled }: InitProfile, { medianMs }: Spread): number | null {
  return profiled.medianMs > 0 ? medianMs / profiled.medianMs : null;
}

/** `apollo-dynamo at 1024 MB`. */
export function initTitle({ bundle, memoryMb }: InitProfile): string {
  return `${bundle} at ${memoryMb} MB`;
}

/** What the profiler itself costs, from the same run. */
export function overheadText({ plain, profiled }: InitProfile): string {
  const ratio = plain.medianMs > 0 ? profiled.medianMs / plain.medianMs - 1 : 0;
  const more = ratio >= 0 ? `${formatShare(ratio)} more` : `${formatShare(-ratio)} less`;
  return `With the profiler an init takes ${formatMs(profiled.medianMs)}, ${more} than without (${formatMs(plain.medianMs)}, measured in turns): shares say more than milliseconds.`;
}
