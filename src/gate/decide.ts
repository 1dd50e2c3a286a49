import type { GateRow, Verdict } from '../model/gate.ts';
import { holm } from '../stats/adjust.ts';
import { morePairs } from './more-pairs.ts';
import { reasonOf } from './reasons.ts';
import type { Draft, Tested } from './rows/draft.ts';

/**
 * Verdicts of all rows. FAIL: the p-value adjusted by Holm for all rows that are tested, and for those
 * that cannot be tested yet, is at most α. PASS: the row's own p-value is, unadjusted, since all rows
 * must pass (intersection-union test). FAIL wins.
 */
export function decideRows(drafts: readonly Draft[], alpha: number): GateRow[] {
  // A row that has too few pairs today is tested tomorrow: the number of tests must not depend on it.
  const p = drafts.flatMap(({ finding }) =>
    finding.kind === 'settled' ? [] : finding.kind === 'tested' ? finding.pFail : 1,
  );
  const adjusted = holm(p);
  let next = 0;
  return drafts.map(({ about, finding }): GateRow => {
    if (finding.kind === 'settled') {
      const { verdict, reason, change } = finding;
      return { ...about, verdict, reason, change, p: null, morePairs: null };
    }
    const failAdjusted = adjusted[next] as number;
    next += 1;
    if (finding.kind === 'open') {
      const { reason, change } = finding;
      return { ...about, verdict: 'inconclusive', reason, change, p: null, morePairs: null };
    }
    const verdict = verdictOf(finding, failAdjusted, alpha);
    const more = verdict === 'inconclusive' ? morePairs(about, finding, alpha, p.length) : null;
    return {
      ...about,
      verdict,
      reason: reasonOf({
        about,
        tested: finding,
        verdict,
        failAdjusted,
        tests: p.length,
        morePairs: more,
      }),
      change: finding.change,
      p: { fail: finding.pFail, failAdjusted, pass: finding.pPass, signFlip: finding.signFlip },
      morePairs: more,
    };
  });
}

function verdictOf(tested: Tested, failAdjusted: number, alpha: number): Verdict {
  if (failAdjusted <= alpha) return 'fail';
  return tested.pPass <= alpha ? 'pass' : 'inconclusive';
}

/** Any FAIL fails; a PASS needs every row that is no guard. */
export function verdictOfRows(rows: readonly GateRow[]): Verdict {
  if (rows.some(({ verdict }) => verdict === 'fail')) return 'fail';
  const asked = rows.filter(({ guard }) => !guard);
  return asked.length > 0 && asked.every(({ verdict }) => verdict === 'pass')
    ? 'pass'
    : 'inconclusive';
}
