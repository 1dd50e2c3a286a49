import { formatDurationS } from '../../base/duration.ts';
import { asksFirst, expectedS } from '../../config/expected-time.ts';
import type { Plan } from '../../model/run.ts';
import type { Terminal } from '../terminal/ask.ts';
import { confirm } from './confirm.ts';

/** A gate whose sides are equal, or differ by more than what is tolerated, mostly needs so many. */
const USUAL_PAIRS = { least: 5, most: 10 };
/** A time limit shorter than this is answer enough to how long it takes. */
const TIME_WITHOUT_ASKING_S = 3600;

/** `at most 30 pairs, about 12 m; most gates are decided after 5 to 10` */
export function gateSize(plan: Plan): string {
  const { gate } = plan;
  if (gate === null) return '';
  const what = gate.mode === 'paired' ? 'pairs' : 'trials';
  const each = gate.cellIds.length === 1 ? '' : ` of each of ${gate.cellIds.length} cells`;
  const fixed = gate.minPairs === gate.maxPairs;
  const limitS = Math.min(expectedS(plan), gate.budgetS ?? Number.POSITIVE_INFINITY);
  const most = `${fixed ? '' : 'at most '}${gate.maxPairs} ${what}${each}, about ${formatDurationS(limitS)}`;
  const least = Math.max(USUAL_PAIRS.least, gate.minPairs);
  const told = !fixed && least < USUAL_PAIRS.most && gate.maxPairs > USUAL_PAIRS.most;
  return told ? `${most}; most gates are decided after ${least} to ${USUAL_PAIRS.most}` : most;
}

/** Asks before a gate that may take long, as before a long run. */
export async function confirmGate(plan: Plan, yes: boolean, terminal: Terminal): Promise<void> {
  const limitS = plan.gate?.budgetS ?? Number.POSITIVE_INFINITY;
  if (yes || !asksFirst(plan) || limitS <= TIME_WITHOUT_ASKING_S) return;
  const advice = 'name fewer cells or --max-pairs, a --budget of time, or go on with --yes';
  await confirm(gateSize(plan), advice, terminal);
}
