import { formatMs, formatShare, unitOfMs } from '../../base/numbers.ts';
import type { Causes, CellAnalysis, Comparison, Figure } from '../../model/analysis.ts';
import { nameCells } from '../../model/cell-names.ts';
import { commonQuantile, QUANTILES, type QuantileName } from '../../model/common-quantile.ts';
import { differingFactors } from '../../model/endpoint.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import { largestFinding } from '../compare/cause-sentences.ts';
import { showsDifference, tellingness } from '../compare/findings.ts';
import { SAME_BELOW } from '../compare/ratio-words.ts';

interface Named {
  name: string;
  cell: CellAnalysis;
}

/**
 * The answer as sentences, each whole by itself. Cells whose figures are void are only named as such.
 * A difference is stated where intervals over several trials do not overlap; else the sentence says
 * what it lacks.
 */
export function headline(
  cells: readonly CellAnalysis[],
  comparisons: readonly Comparison[] = [],
  causes: readonly Causes[] = [],
): string[] {
  const names = nameCells(
    cells.map(({ cell }) => cell),
    ['memoryMb'],
  ).labels;
  const named = cells.map((cell, index) => ({ name: names[index] as string, cell }));
  const usable = named.filter(({ cell }) => cell.validity.state !== 'void');
  const voids = named.filter(({ cell }) => cell.validity.state === 'void').map(voidSentence);
  if (named.length === 0) return ['Nothing was measured.'];
  if (usable.length === 0) return ['No figure of this run can be relied on.', ...voids];
  const sentences = [
    latencySentence(usable),
    caveat(usable),
    ...factorSentences(usable, comparisons, causes),
    coldSentence(usable),
    ...usable.slice(0, 1).map((first) => timeSentence(bestOf(usable) ?? first)),
    ...voids,
  ];
  return sentences.filter((sentence) => sentence !== null);
}

/** Factors that get a sentence. */
const FACTORS_AT_MOST = 6;

/** A sentence a factor, the most telling first; none where the first sentence has said it. */
function factorSentences(
  usable: readonly Named[],
  comparisons: readonly Comparison[],
  causes: readonly Causes[],
): string[] {
  const said = isSaid(usable, comparisons);
  const told = [...comparisons]
    .filter((comparison) => !said && tellingness(comparison) >= 0)
    .sort((a, b) => tellingness(b) - tellingness(a))
    .map(({ finding }) => `${finding}.`);
  const apart = causes.filter(({ panels }) => panels.some(({ steps }) => steps.length > 0));
  const both = told.length > 0 && comparisons.some(({ factor }) => factor === 'variant');
  // The comparison by variant has said what all features do together.
  const causesTold = apart.map((one) =>
    capital((both && largestFinding(one.panels)) || one.finding),
  );
  return [...told, ...causesTold.map((finding) => `${finding}.`)].slice(0, FACTORS_AT_MOST);
}

/**
 * Whether the first sentence tells the one comparison of two cells. Where intervals of its percentile
 * overlap it tells of no difference, and the rounds, being paired, may still show one.
 */
function isSaid(usable: readonly Named[], comparisons: readonly Comparison[]): boolean {
  const [only] = comparisons;
  if (comparisons.length !== 1 || only?.panels.length !== 1 || usable.length !== 2) return false;
  const q = sharedQuantile(usable);
  const [best, slowest] = q === undefined ? [] : ranked(usable, q);
  if (q === undefined || best === undefined || slowest === undefined) return true;
  return !overlap(best.cell.latency[q], slowest.cell.latency[q]) || !showsDifference(only);
}

/** The best percentile that every one of them has. */
function sharedQuantile(named: readonly Named[]): QuantileName | undefined {
  return commonQuantile(named.map(({ cell }) => cell))?.name;
}

function ranked(named: readonly Named[], q: QuantileName): Named[] {
  const value = ({ cell }: Named) => cell.latency[q].value as number;
  return [...named].sort((a, b) => value(a) - value(b));
}

function bestOf(named: readonly Named[]): Named | undefined {
  const q = sharedQuantile(named);
  return q === undefined ? undefined : ranked(named, q)[0];
}

function latencySentence(named: readonly Named[]): string {
  const answered = named.filter(({ cell }) => cell.latency.p50.value !== null);
  const q = answered.length === 0 ? undefined : sharedQuantile(answered);
  if (q === undefined)
    return 'No request of the hold phase was answered well, so there is no latency to state.';
  const order = ranked(answered, q);
  const best = order[0] as Named;
  const slowest = order.at(-1) as Named;
  const figure = best.cell.latency[q];
  const start = `${q} is ${withInterval(figure)} at ${best.name}`;
  const comparison = best === slowest ? '' : `, ${against(best, slowest, q)}`;
  return `${start}${comparison}${tail(best, q)}${hedge(answered)}.`;
}

function caveat(named: readonly Named[]): string | null {
  const once = named.some(({ cell }) =>
    QUANTILES.some(({ name }) => cell.latency[name].interval === 'within_trial'),
  );
  return once
    ? 'Intervals are within one trial and say nothing of the next run: more rounds do.'
    : null;
}

/** A ratio is stated of cells that differ in one factor; of others, which is best and which is not. */
function against(best: Named, slowest: Named, q: QuantileName): string {
  const differing = differingFactors(best.cell.cell.endpoint, slowest.cell.cell.endpoint);
  if (differing.length < 2) return compared(best, slowest, q);
  return `the lowest; the highest is ${withInterval(slowest.cell.latency[q])} at ${slowest.name}`;
}

function compared(best: Named, slowest: Named, q: QuantileName): string {
  const low = best.cell.latency[q];
  const high = slowest.cell.latency[q];
  const ratio = (high.value as number) / (low.value as number);
  const other = `${withInterval(high)} at ${slowest.name}`;
  const howFast =
    ratio < SAME_BELOW
      ? `as fast as at ${slowest.name} (${withInterval(high)}) to within 5%`
      : `${times(ratio)} faster than at ${slowest.name} (${withInterval(high)})`;
  if (overlap(low, high)) {
    return `against ${other}: the intervals overlap, so neither is shown to be faster`;
  }
  if (low.interval !== 'trials_t' || high.interval !== 'trials_t') {
    return `${howFast} in one trial each, which does not tell chance from difference`;
  }
  return howFast;
}

/** Whether two intervals, the lower one first, have a value in common; not known of no interval. */
function overlap(low: Figure, high: Figure): boolean {
  return low.high !== null && high.low !== null && low.high >= high.low;
}

/** Of fewer requests a share would claim more than the count. */
const SHARE_FROM_REQUESTS = 20;

/** What cold starts are of the tail, where a tail was measured. */
function tail({ cell }: Named, q: string): string {
  const band = cell.bands.find(({ band: name }) => name === 'above_p99');
  if (q !== 'p99' || band === undefined || band.requests === 0) return '';
  const { coldRequests, requests } = band;
  if (coldRequests === 0) return '; no cold start is in the tail';
  if (requests < SHARE_FROM_REQUESTS) {
    const counted = `${coldRequests} of ${requests} ${requests === 1 ? 'request' : 'requests'}`;
    return `; ${counted} above p99 felt a cold start`;
  }
  return `; cold starts make ${formatShare(coldRequests / requests)} of the tail`;
}

function hedge(named: readonly Named[]): string {
  const doubtful = named.filter(({ cell }) => cell.validity.state === 'doubtful');
  if (doubtful.length === 0) return '';
  const reasons = new Set(
    doubtful.flatMap(({ cell }) =>
      cell.validity.checks.filter(({ state }) => state === 'doubtful').map(({ label }) => label),
    ),
  );
  const [first] = reasons;
  const more = reasons.size > 1 ? ` and ${reasons.size - 1} more` : '';
  return ` (doubtful${whichOf(doubtful, named)}: ${inSentence(first ?? '')}${more})`;
}

/** ` at 1024 MB`, ` at 3 of 16 cells`; nothing where it is all of them. */
function whichOf(some: readonly Named[], all: readonly Named[]): string {
  if (some.length === all.length) return '';
  const [only] = some;
  return some.length === 1 && only !== undefined
    ? ` at ${only.name}`
    : ` at ${some.length} of ${all.length} cells`;
}

function coldSentence(named: readonly Named[]): string | null {
  const known = named.filter(({ cell }) => cell.coldStarts.share.value !== null);
  if (known.length === 0) return null;
  if (known.length > NAMED_AT_MOST) return coldRange(known);
  const parts = known.map(({ name, cell }) => {
    const { penaltyMs, requests, share } = cell.coldStarts;
    if (requests === 0) return `no request felt a cold start at ${name}`;
    const counted = `${requests} of ${share.n.toLocaleString('en')} requests`;
    const felt = `${counted} (${formatShare(share.value)}) felt a cold start at ${name}`;
    const added = `, which added ${withInterval(penaltyMs)} at the median`;
    return penaltyMs.value === null ? felt : felt + added;
  });
  return `${capital(parts.join('; '))}.`;
}

/** Of many cells, only the extremes are named. */
const NAMED_AT_MOST = 4;

function coldRange(known: readonly Named[]): string {
  const shareOf = ({ cell }: Named) => cell.coldStarts.share.value ?? 0;
  const order = [...known].sort((a, b) => shareOf(a) - shareOf(b));
  const [least, most] = [order[0] as Named, order.at(-1) as Named];
  const share = (named: Named) => formatShare(shareOf(named));
  if (share(least) === share(most)) return `${share(least)} of requests felt a cold start.`;
  const shown = (named: Named) => `${share(named)} (${named.name})`;
  return `Between ${shown(least)} and ${shown(most)} of requests felt a cold start.`;
}

const PART_WORDS: Record<Part, string> = {
  client: 'the client',
  network: 'the network',
  front: 'the front',
  placement: 'placement',
  init: 'initialisation',
  handler: 'the handler',
  backend: 'the backend',
  overhead: 'the runtime’s overhead',
  unexplained: 'what no span explains',
};

/** Where the time goes at the median and beyond p99 of the best cell. */
function timeSentence({ name, cell }: Named): string | null {
  const middle = cell.bands.find(({ band }) => band === 'median');
  const beyond = cell.bands.find(({ band }) => band === 'above_p99');
  const most = middle === undefined ? null : largest(middle, cell);
  if (most === null) return null;
  const worst = beyond === undefined ? null : largest(beyond, cell);
  const start = `At the median of ${name} ${most.words} ${most.verb} ${formatShare(most.share)} of ${formatMs(middle?.meanTotalMs ?? null)}`;
  if (worst === null) return `${start}.`;
  return `${start}, above p99 ${worst.words} ${worst.verb} ${formatShare(worst.share)} of ${formatMs(beyond?.meanTotalMs ?? null)}.`;
}

function largest(band: CellAnalysis['bands'][number], { cell }: CellAnalysis) {
  if (band.requests === 0 || band.meanTotalMs <= 0) return null;
  let part: Part = 'client';
  for (const candidate of PARTS) {
    if (band.meanPartsMs[candidate] > band.meanPartsMs[part]) part = candidate;
  }
  const both = part === 'front' && cell.endpoint.front !== 'rest-api';
  return {
    words: both ? 'front and network' : PART_WORDS[part],
    verb: both ? 'take' : 'takes',
    share: band.meanPartsMs[part] / band.meanTotalMs,
  };
}

function voidSentence({ name, cell }: Named): string {
  const reasons = cell.validity.checks
    .filter(({ state }) => state === 'void')
    .map(({ label, shown }) => `${inSentence(label)}: ${shown}`);
  return `${capital(name)} is void (${reasons.join('; ')}).`;
}

/** `41 ms [38, 45]` */
function withInterval(figure: Figure): string {
  if (figure.value === null) return 'unknown';
  if (figure.low === null || figure.high === null) return formatMs(figure.value);
  const { show } = unitOfMs(figure.value);
  return `${formatMs(figure.value)} [${show(figure.low)}, ${show(figure.high)}]`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

/** A label within a sentence: its first letter small, unless it begins with an abbreviation. */
function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
