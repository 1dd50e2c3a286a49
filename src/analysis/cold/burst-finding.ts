import type { Figure } from '../../model/figure.ts';
import { withInterval } from '../figures/words.ts';

export interface BurstFacts {
  untilWarmS: Figure;
  environments: Figure;
  /** p95 of the requests sent until the last cold one was answered, and of those after. */
  beforeMs: Figure;
  afterMs: Figure;
  trials: number;
  /** Trials whose last cold start lies in the last fifth. */
  notWarm: number;
}

/** How many environments it took, how long, and what it cost those who waited. */
export function burstFinding(facts: BurstFacts): string {
  const { untilWarmS, environments, beforeMs, afterMs, trials, notWarm } = facts;
  if (environments.value === null) return `How it became warm is not known: ${environments.note}.`;
  const count = withInterval(environments);
  const needed = `${count} environment${count === '1' ? '' : 's'}`;
  if (untilWarmS.value === null) return `No request felt a cold start; ${needed} served the burst.`;
  const when = withInterval(untilWarmS);
  const start =
    notWarm === 0
      ? `Warm ${when} after the first request, with ${needed}`
      : `Not warm by the end${trials === 1 ? '' : ` in ${notWarm} of ${trials} trials`}: the last cold start was answered ${when} after the first request, with ${needed}`;
  return `${start}${latencies(beforeMs, afterMs)}.`;
}

function latencies(before: Figure, after: Figure): string {
  const known = [
    { figure: before, when: 'until then' },
    { figure: after, when: 'afterwards' },
  ].filter(({ figure }) => figure.value !== null);
  if (known.length === 0) return '';
  return `; p95 was ${known.map(({ figure, when }) => `${withInterval(figure)} ${when}`).join(' and ')}`;
}
