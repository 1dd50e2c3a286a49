import { formatMs } from '../../base/numbers.ts';
import type { TrialFigure } from '../../model/analysis.ts';
import type { Advice } from '../../model/memory-scaling.ts';
import type { Slo } from '../../model/run.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import { objectiveState } from '../figures/objective.ts';
import { withInterval } from '../figures/words.ts';
import type { Group, Size } from './group.ts';
import { noAdvice } from './no-advice.ts';
import { COST, shownLess } from './pairs.ts';
import { roundsWords, sizesWords } from './words.ts';

/**
 * The cheapest size that meets the objective: shown where the upper end of its interval does, likely
 * where only its value does. Where a cost is not known the smallest stands in for the cheapest.
 */
export function sloAdvice(group: Group, slo: Slo): Advice {
  if (!group.quota) {
    return noAdvice('slo', 'This machine gave every size all of its CPU, so none can be advised.');
  }
  const priced = group.sizes.every(({ cell }) => COST.ofCell(cell).value !== null);
  const ranked = priced ? [...group.sizes].sort((a, b) => costOf(a) - costOf(b)) : group.sizes;
  const sure = ranked.filter((size) => isShownToMeet(size, slo));
  const meeting = ranked.filter(
    ({ cell }) => (cell.latency[slo.quantile].value ?? Infinity) <= slo.ms,
  );
  const chosen = sure[0] ?? meeting[0];
  if (chosen === undefined) return noneMeets(group, slo);
  const perTrial = PER_TRIAL[slo.quantile];
  const values =
    perTrial === undefined ? [] : chosen.cell.perTrial.flatMap((trial) => trial[perTrial] ?? []);
  const { trials } = chosen.cell.latency[slo.quantile];
  return {
    goal: 'slo',
    memoryMb: chosen.memoryMb,
    cellId: chosen.cell.cell.id,
    sureness: sure.length > 0 ? 'shown' : trials >= LEAST_ROUNDS ? 'likely' : 'open',
    roundsBest: values.filter((ms) => ms <= slo.ms).length,
    rounds: values.length,
    ties: sure
      .filter((other) => other !== chosen && !shownLess(COST, chosen, other))
      .map(({ memoryMb }) => memoryMb)
      .sort((a, b) => a - b),
    finding: words(slo, chosen, { priced, sure, meeting }),
  };
}

/** Of p90 there is no figure by trial. */
const PER_TRIAL: Partial<Record<Slo['quantile'], 'p50Ms' | 'p95Ms' | 'p99Ms'>> = {
  p50: 'p50Ms',
  p95: 'p95Ms',
  p99: 'p99Ms',
} satisfies Record<string, TrialFigure>;

const costOf = ({ cell }: Size) => COST.ofCell(cell).value as number;

function isShownToMeet({ cell }: Size, { quantile, ms }: Slo): boolean {
  return objectiveState(cell.latency[quantile], ms) === 'met';
}

function words(
  { quantile, ms }: Slo,
  chosen: Size,
  { priced, sure, meeting }: { priced: boolean; sure: Size[]; meeting: Size[] },
): string {
  const figure = chosen.cell.latency[quantile];
  const cheapest = priced ? 'cheapest' : 'smallest (cost is not known)';
  const its = `${quantile} ${withInterval(figure)}`;
  const goal = `${quantile} ≤ ${formatMs(ms)}`;
  if (sure.length === 0) {
    const why =
      figure.trials < LEAST_ROUNDS
        ? `${roundsWords(figure.trials)} cannot show it`
        : 'its interval does not';
    return `${chosen.memoryMb} MB is the ${cheapest} size that meets ${goal} by its value, ${its}; ${why}.`;
  }
  const before = meeting.slice(0, meeting.indexOf(chosen)).map(({ memoryMb }) => memoryMb);
  const may =
    before.length === 0 ? '' : `; ${sizesWords(before)} may meet it for less, which is not shown`;
  return `${chosen.memoryMb} MB is the ${cheapest} size shown to meet ${goal}: ${its}${may}.`;
}

function noneMeets({ sizes }: Group, { quantile, ms }: Slo): Advice {
  const figures = sizes.map(({ cell }) => cell.latency[quantile]);
  const goal = `${quantile} ≤ ${formatMs(ms)}`;
  if (figures.some(({ value }) => value === null)) {
    return noAdvice('slo', `No size is seen to meet ${goal}: not all have a ${quantile}.`);
  }
  const refuted = figures.every((figure) => objectiveState(figure, ms) === 'missed');
  const best = [...sizes].sort(
    (a, b) => (a.cell.latency[quantile].value ?? 0) - (b.cell.latency[quantile].value ?? 0),
  )[0] as Size;
  const nearest = `the nearest is ${best.memoryMb} MB with ${withInterval(best.cell.latency[quantile])}`;
  const finding = refuted
    ? `No size meets ${goal}: ${nearest}.`
    : `No size meets ${goal} by its value, though not every interval leaves it out: ${nearest}.`;
  return { ...noAdvice('slo', finding), sureness: refuted ? 'shown' : 'open' };
}
