import { formatMs } from '../../base/numbers.ts';
import type { Slo } from '../../model/run.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import { objectiveState } from '../figures/objective.ts';
import { withInterval } from '../figures/words.ts';
import { NAMED_AT_MOST, type Named } from './named.ts';

/** What is said of an objective where sizes were not compared; null where there is none. */
export function objectiveSentence(named: readonly Named[], slo: Slo | null): string | null {
  if (slo === null || named.length === 0) return null;
  const { quantile, ms } = slo;
  const goal = `${quantile} ≤ ${formatMs(ms)}`;
  const states = named.map((one) => ({
    ...one,
    state: objectiveState(one.cell.latency[quantile], ms),
  }));
  if (named.length > NAMED_AT_MOST) {
    const met = states.filter(({ state }) => state === 'met').length;
    return `${met} of ${named.length} cells are shown to meet ${goal}.`;
  }
  const said = states.map(({ name, cell, state }) => {
    const figure = cell.latency[quantile];
    if (state === 'unknown') return `not known at ${name} (${figure.note ?? 'no figure'})`;
    const why =
      figure.trials < LEAST_ROUNDS ? `${LEAST_ROUNDS} rounds would tell` : 'its interval holds it';
    const words = {
      met: 'met',
      missed: 'not met',
      perhaps_met: `met by its value alone (${why})`,
      perhaps_missed: `not met by its value (${why})`,
    }[state];
    return `${words} at ${name}: ${withInterval(figure)}`;
  });
  return `${goal} is ${said.join('; ')}.`;
}
