import { type GateMetric, METRIC_KIND } from '../../model/gate.ts';
import { whatIsMissing } from '../metrics.ts';
import type { Looked } from '../progress.ts';
import type { Finding } from './draft.ts';

/** How many trials that count have the figure, by side; no `base` of a budget. */
type Having = { base?: number; head: number };

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

/** Absent data fails: what was not measured must not look like what did not change. */
export function absent(metric: GateMetric, of: string): Finding {
  const nobody = METRIC_KIND[metric] === 'exact' ? `${of} does not have` : `no trial of ${of} has`;
  const reason = `${nobody} ${whatIsMissing(metric)}: absent data fails`;
  return { kind: 'settled', verdict: 'fail', reason, change: null };
}

function tooFew(having: Having, points: number, { looks, minPairs, brokeOff }: Looked): string {
  const [one, many] = 'base' in having ? ['pair', 'pairs'] : ['trial', 'trials'];
  const count = points === 1 ? `1 ${one} counts` : `${points === 0 ? 'no' : points} ${many} count`;
  const shown = points === 0 ? `no ${one} counts` : count;
  if (points < minPairs) return `${shown}, and a verdict needs ${minPairs}`;
  const why = brokeOff ? 'the run broke off before a look' : 'nothing was looked at yet';
  return looks.length === 0 ? `${shown}, and ${why}` : `${shown}, and no look saw them`;
}
