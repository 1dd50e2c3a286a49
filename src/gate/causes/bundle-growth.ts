import { formatBytes } from '../../base/numbers.ts';
import type { BundleFacts } from '../../model/run.ts';
import { bundlesOf } from '../bundles.ts';
import type { GateCell } from '../sides.ts';
import { hundredths } from '../words.ts';
import type { CauseText } from './growth.ts';

/** Less is not worth a word beside an init. */
const LEAST_GROWTH = 0.01;

/** `the bundle grew from 310 kB to 402 kB`; null where it did not by more than 1%. */
export function bundleGrowth(cell: GateCell, bundles: readonly BundleFacts[]): string | null {
  const { base, head } = bundlesOf(cell, bundles);
  if (base === null || head === null) return null;
  if (Math.abs(head.bytes / base.bytes - 1) <= LEAST_GROWTH) return null;
  const way = head.bytes > base.bytes ? 'grew' : 'shrank';
  return `the bundle ${way} from ${formatBytes(base.bytes)} to ${formatBytes(head.bytes)}`;
}

export function bundleCause(cell: GateCell, bundles: readonly BundleFacts[]): CauseText | null {
  const { base, head } = bundlesOf(cell, bundles);
  if (base === null || head === null) return null;
  const by = head.bytes - base.bytes;
  const share = hundredths(by / base.bytes);
  const sizes = `from ${formatBytes(base.bytes)} to ${formatBytes(head.bytes)}`;
  const sentence = `The bundle grew ${sizes}, by ${by.toLocaleString('en-US')} bytes (${share}%).`;
  return { sentence, parts: [] };
}
