import { type GateMetric, METRIC_KIND } from '../../model/gate.ts';
import { whatIsMissing } from '../metrics.ts';
import type { Looked } from '../progress.ts';
import type { Finding } from './draft.ts';

/** How many trials that count have the figure, by side; no `base` of a budget. */
export type Having = { base?: number; head: number };

/**
 * Of a row that no look could test: it fails where a side has the figure in no trial that counts, once
 * the gate has looked; else it stays open.
 */
export function absentOrOpen(
  metric: GateMetric,
  having: Having,
  points: number,
  counted: number,
  value: number | null,
  looked: Looked,
): Finding {
  const change = value === null ? null : { value, low: null, high: null };
  const lacking = (['base', 'head'] as const).filter((side) => having[side] === 0);
  if (lacking.length > 0 && counted > 0 && looked.looks.length > 0) {
    return absent(metric, lacking.length === 2 ? 'either side' : (lacking[0] as 'base' | 'head'));
  }
  return { kind: 'open', change, reason: tooFew(having, points, looked) };
}

/**
 * Rounds may lack a figure because of what it would be (a slow side has fewer requests for a p99): where
 * most of those that count lack it, the others pass nothing.
 */
export function passesByFew(
  pPass: number,
  points: number,
  counted: number,
  { alpha }: Looked,
): Finding | null {
  if (pPass > alpha || 2 * points >= counted) return null;
  const reason = `only ${points} of the ${counted} rounds that count have it: the others may differ`;
  return { kind: 'open', reason, change: null };
}

/** Absent data fails: what was not measured must not look like what did not change. */
export function absent(metric: GateMetric, of: string): Finding {
  const nobody = METRIC_KIND[metric] === 'exact' ? `${of} does not have` : `no trial of ${of} has`;
  const reason = `${nobody} ${whatIsMissing(metric)}: absent data fails`;
  return { kind: 'settled', verdict: 'fail', reason, change: null };
}

function tooFew(having: Having, points: number, { looks, minPairs, brokeOff }: Looked): string {
  const [one, many] = 'base' in having ? ['pair', 'pairs'] : ['trial', 'trials'];
  const shown = points < 2 ? `${points === 0 ? 'no' : 1} ${one} counts` : `${points} ${many} count`;
  if (points < minPairs) return `${shown}, and a verdict needs ${minPairs}`;
  const why = brokeOff ? 'the run broke off before a look' : 'nothing was looked at yet';
  return looks.length === 0 ? `${shown}, and ${why}` : `${shown}, and no look saw them`;
}
