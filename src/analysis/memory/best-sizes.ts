import type { Advice, Goal } from '../../model/memory-scaling.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import type { Group, Size } from './group.ts';
import { noAdvice } from './no-advice.ts';
import {
  COST,
  fullRounds,
  latencyMeasure,
  type Measure,
  productMeasure,
  shownLess,
} from './pairs.ts';
import { roundsWords, sizesWords } from './words.ts';

/** The fastest, the cheapest and the balanced size: each has the least of something. */
export function bestSizes(group: Group): Advice[] {
  const latency = latencyMeasure(group);
  const q = group.latency.name;
  const goals: [Goal, Measure, string][] = [
    ['fastest', latency, `the lowest ${q}`],
    ['cheapest', COST, 'the lowest cost'],
    ['balanced', productMeasure(latency, COST), `the least product of ${q} and cost`],
  ];
  return goals.map(([goal, measure, superlative]) => least(goal, measure, superlative, group));
}

function least(goal: Goal, measure: Measure, superlative: string, group: Group): Advice {
  const known = group.sizes
    .filter(({ cell }) => measure.ofCell(cell).value !== null)
    .sort((a, b) => amount(measure, a) - amount(measure, b));
  const [best, ...others] = known;
  if (!group.quota || best === undefined || others.length === 0) {
    return noAdvice(goal, whyNone(group, superlative));
  }
  const perRound = fullRounds(measure, known);
  const ties = others.filter((other) => !shownLess(measure, best, other));
  const roundsBest = perRound.filter(([own, ...rest]) =>
    rest.every((value) => (own as number) < value),
  ).length;
  const rounds = perRound.length;
  const enough = rounds >= LEAST_ROUNDS;
  const sureness =
    enough && ties.length === 0 ? 'shown' : enough && roundsBest * 2 > rounds ? 'likely' : 'open';
  const found = {
    goal,
    memoryMb: best.memoryMb,
    cellId: best.cell.cell.id,
    sureness,
    roundsBest,
    rounds,
    ties: ties.map(({ memoryMb }) => memoryMb).sort((a, b) => a - b),
  } as const;
  return { ...found, finding: leastWords(found, superlative, best, ties) };
}

const amount = (measure: Measure, { cell }: Size) => measure.ofCell(cell).value as number;

function leastWords(
  { goal, memoryMb, sureness, roundsBest, rounds, ties }: Omit<Advice, 'finding'>,
  superlative: string,
  best: Size,
  tied: readonly Size[],
): string {
  const what = `${memoryMb} MB has ${superlative}${valueWords(goal, best)}`;
  if (rounds < LEAST_ROUNDS) {
    return `${what}, by ${roundsWords(rounds)}, which ${rounds === 1 ? 'does' : 'do'} not tell chance from difference.`;
  }
  const wins = `in ${roundsBest} of ${rounds} rounds`;
  if (sureness === 'shown')
    return `${what}, ${wins}, and is shown to be ahead of every other size.`;
  const not = `${sizesWords(ties)} cannot be told from it`;
  return `${what}, ${wins}; ${not}${cheapestOf(goal, best, tied)}.`;
}

/** Where the fastest cannot be told from others, what they cost decides. */
function cheapestOf(goal: Goal, best: Size, tied: readonly Size[]): string {
  if (goal !== 'fastest') return '';
  const cheaper = tied.filter((other) => shownLess(COST, other, best));
  const [cheapest] = cheaper.sort((a, b) => amount(COST, a) - amount(COST, b));
  return cheapest === undefined ? '' : `, and ${cheapest.memoryMb} MB costs less`;
}

function valueWords(goal: Goal, { cell }: Size): string {
  const usd = cell.cost.total.value;
  if (goal === 'cheapest' && usd !== null) return `, $${usd.toFixed(2)} per million requests`;
  return '';
}

function whyNone({ quota, sizes }: Group, superlative: string): string {
  if (!quota) return 'This machine gave every size all of its CPU, so sizes cannot be told apart.';
  const note = sizes.map(({ cell }) => COST.ofCell(cell).note).find((one) => one !== undefined);
  const why = superlative.includes('cost') && note !== undefined ? ` (${note})` : '';
  return `Which size has ${superlative} cannot be said: fewer than two have the figure${why}.`;
}
