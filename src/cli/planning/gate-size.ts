import { formatDurationS } from '../../base/duration.ts';
import { asksFirst, expectedS } from '../../config/expected-time.ts';
import type { Plan } from '../../model/run.ts';
import type { Terminal } from '../terminal/ask.ts';
import { confirm } from './confirm.ts';

/** A time limit shorter than this is answer enough to how long it takes. */
const TIME_WITHOUT_ASKING_S = 3600;

/** `at most 30 pairs, about 8 m 00 s; it ends with the first verdict, after 5 pairs (about 80 s) …` */
export function gateSize(plan: Plan): string {
  const { gate } = plan;
  if (gate === null) return '';
  const { minPairs, maxPairs } = gate;
  const what = gate.mode === 'paired' ? 'pairs' : 'trials';
  const each = gate.cellIds.length === 1 ? '' : ` of each of ${gate.cellIds.length} cells`;
  const fixed = minPairs === maxPairs;
  const allS = expectedS(plan);
  const limitS = Math.min(allS, gate.budgetS ?? Number.POSITIVE_INFINITY);
  const most = `${fixed ? '' : 'at most '}${maxPairs} ${what}${each}, about ${formatDurationS(limitS)}`;
  if (fixed) return most;
  const leastS = (allS * minPairs) / maxPairs;
  const least = `${minPairs} ${what} (about ${formatDurationS(leastS)})`;
  return leastS > limitS
    ? `${most}; --budget may end it before the ${least} that a verdict takes`
    : `${most}; it ends with the first verdict, after ${least} at the earliest`;
}

/** Asks before a gate that may take long, as before a long run. */
export async function confirmGate(plan: Plan, yes: boolean, terminal: Terminal): Promise<void> {
  const limitS = plan.gate?.budgetS ?? Number.POSITIVE_INFINITY;
  if (yes || !asksFirst(plan) || limitS <= TIME_WITHOUT_ASKING_S) return;
  const advice = 'name fewer cells or --max-pairs, a --budget of time, or go on with --yes';
  await confirm(gateSize(plan), advice, terminal);
}
