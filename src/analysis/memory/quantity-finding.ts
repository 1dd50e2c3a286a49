import { formatMs, formatShare, unitOfMs } from '../../base/numbers.ts';
import { inSentence } from '../../base/words.ts';
import type { Figure } from '../../model/analysis.ts';
import { MB_PER_VCPU } from '../../model/endpoint.ts';
import type { Interval } from '../../stats/intervals.ts';
import { LEAST_SIZES, type MemoryModel } from '../../stats/memory-model.ts';
import { isShown, ratioWords, SAME_BELOW } from '../compare/ratio-words.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import { withInterval } from '../figures/words.ts';
import type { Said } from './law.ts';
import type { CpuBasis, Point, Quantity } from './quantities.ts';
import { roundsWords, sizesWords } from './words.ts';

interface Found {
  quantity: Quantity;
  points: readonly Point[];
  basis: CpuBasis | null;
  said: Said;
  ratio: Figure;
}

/** What the law says and what the sizes show, each by itself. */
export function quantityFinding(found: Found): string {
  const { said, quantity } = found;
  switch (said.kind) {
    case 'one_size':
      return `${quantity.words} was measured at one size only.`;
    case 'no_quota':
      return `This machine gave every size all of its CPU, so nothing is known of how ${inSentence(quantity.words)} depends on memory.`;
    case 'full_cpu':
      return `Init has two vCPUs whatever the size. ${shown(found)}`;
    case 'no_cpu':
      return `${noCpu(found)} ${shown(found)}`;
    case 'unknown':
      return `${unknownWords(found, said.why)} ${shown(found)}`;
    case 'staircase':
      return `${stairWords(found, said)} ${shown(found)}`;
    case 'fit':
      return `${fitWords(found, said.model, said.rounds)} ${shown(found)}`;
  }
}

/** The largest size against the smallest. */
function shown({ points, ratio, quantity }: Found): string {
  const [smallest, largest] = [points[0] as Point, points.at(-1) as Point];
  const values = `${quantity.words} is ${withInterval(largest.figure)} at ${largest.memoryMb} MB and ${withInterval(smallest.figure)} at ${smallest.memoryMb} MB`;
  return ratio.value === null ? `${values}.` : `${values}: ${ratioWords(ratio)}.`;
}

function noCpu({ points }: Found): string {
  const note = points.find(({ cpu }) => cpu.value === null)?.cpu.note ?? 'not measured';
  return `What a call costs in CPU is not known (${note}), so there is no law to seek.`;
}

function unknownWords(found: Found, why: Extract<Said, { kind: 'unknown' }>['why']): string {
  const { points, quantity, basis } = found;
  const cpu = cpuWords(found);
  switch (why) {
    case 'sizes':
      return `${cpu}, ${basis?.kind === 'measured' ? 'more' : 'which may be more'} than the quota of a period at ${sizesWords(throttledMb(points, basis))}; a fit needs ${LEAST_SIZES} sizes, three of them with different shares of up to one vCPU, and ${points.length} were measured.`;
    case 'not_seen':
      return `${quantity.words} takes no time that can be told from later calls at ${sizesWords(points.flatMap(({ memoryMb, figure }) => ((figure.value as number) > 0 ? [] : [memoryMb])))}.`;
    case 'rounds':
      return `How ${inSentence(quantity.words)} depends on memory cannot be told: fewer than ${LEAST_ROUNDS} rounds have it at every size.`;
    case 'undecided':
      return `How ${inSentence(quantity.words)} depends on memory cannot be told: the rounds differ by more than the sizes.`;
    case 'not_the_law':
      return `${cpu}, but too little more than the quota of a period for the law of sustained work.`;
  }
}

function stairWords(found: Found, said: Extract<Said, { kind: 'staircase' }>): string {
  const { points, basis } = found;
  const measured = basis?.kind === 'measured';
  const cpu = measured ? cpuWords(found) : atMostWords(found, said.cpuAtMostMs);
  const from = `from ${said.fitsFromMb} MB up`;
  const least = points.find(({ memoryMb }) => memoryMb === said.fitsFromMb) as Point;
  const fits = measured && !isShownToFit(least) ? MEAN_FITS : 'it fits';
  const smaller = points
    .map(({ memoryMb }) => memoryMb)
    .filter((memoryMb) => memoryMb < said.fitsFromMb);
  if (smaller.length > 0) {
    const largest = points[smaller.length - 1] as Point;
    const not = `${measured && isShownNotToFit(largest) ? 'not' : 'perhaps not'} at ${sizesWords(smaller)}`;
    return `${cpu}: ${fits} in the quota of a single period ${from}, ${not}.`;
  }
  return `${cpu}: ${fits} in the quota of a single period at every size ${from}.${yetFaster(found)}`;
}

const MEAN_FITS = 'by its mean, though not by its interval, it fits';

/** The interval of the CPU of a call leaves the quota out; of one or two trials the value does. */
const isShownToFit = ({ cpu: { value, high }, quotaMs }: Point) =>
  (high ?? value ?? Infinity) <= quotaMs;
const isShownNotToFit = ({ cpu: { value, low }, quotaMs }: Point) => (low ?? value ?? 0) > quotaMs;

/** CPU that fits into a period's quota is not slowed by it, unless calls follow each other within one. */
function yetFaster({ basis, ratio, quantity }: Found): string {
  const faster = isShown(ratio) && (ratio.value as number) < 1 / SAME_BELOW;
  const ofCall = basis?.kind === 'measured' && quantity.name !== 'p99';
  return faster && ofCall
    ? ' That it is faster with more memory may be since calls within one period share its quota.'
    : '';
}

/** Beyond it the curve is not what was measured. */
const LACKS_FIT_FROM = 0.1;
/** b and the CPU that was measured differ by more than this share. */
const CPU_DIFFERS_FROM = 0.1;

function fitWords(found: Found, model: MemoryModel, rounds: number): string {
  const { points, basis, quantity } = found;
  const largest = (points.at(-1) as Point).memoryMb;
  const kneeMb = Math.min(largest, Math.round(model.s * MB_PER_VCPU));
  const one = model.s === 1 ? ' (one thread)' : '';
  const upTo = kneeMb < largest ? `${kneeMb} MB${one} and no further` : `${largest} MB`;
  const once = model.bMs === null ? ` (${roundsWords(rounds)}, no interval)` : '';
  const whose = basis?.kind === 'measured' ? 'One call’s' : 'Its';
  const sentences = [
    `${whose} CPU exceeds the quota of a period, so it takes ${lawWords(model)}${once}: less as memory grows up to ${upTo}.`,
  ];
  // Beyond p99 are the calls that use more CPU than the mean.
  if (basis?.kind === 'measured' && quantity.name !== 'p99') {
    sentences.push(...cpuDoubt(model, basis.ms.at(-1) as number));
  }
  if (model.aMs !== null && model.aMs.high < 0) {
    sentences.push('No time is below 0, so the law describes these sizes at best, and no others.');
  }
  if (model.lackOfFitShare > LACKS_FIT_FROM) {
    sentences.push(
      `The curve misses a size by ${formatShare(model.lackOfFitShare)}, so the law is doubtful here.`,
    );
  }
  return sentences.join(' ');
}

/** `5.8 ms [4.1, 7.5] + 201 ms [198, 204] ÷ vCPUs`, in the unit of the greater. */
function lawWords({ a, b, aMs, bMs }: MemoryModel): string {
  const { unit, show } = unitOfMs(Math.max(Math.abs(a), b));
  const part = (value: number, interval: Interval | null) =>
    `${show(value)} ${unit}${interval === null ? '' : ` [${show(interval.low)}, ${show(interval.high)}]`}`;
  return `${part(a, aMs)} + ${part(b, bMs)} ÷ vCPUs`;
}

function cpuDoubt({ b, bMs }: MemoryModel, cpuMs: number): string[] {
  const within = bMs !== null && bMs.low <= cpuMs && cpuMs <= bMs.high;
  if (within || Math.abs(b / cpuMs - 1) <= CPU_DIFFERS_FROM) return [];
  const why =
    b < cpuMs
      ? 'small sizes gain where calls begin after a pause and find a period’s quota at once, large ones lose where the host is busy'
      : 'small sizes lose more than the law says';
  return [`The CPU measured is ${formatMs(cpuMs)}: ${why}.`];
}

/** `One call costs 2.0 ms of CPU`, `One call costs 1.6 ms to 2.0 ms of CPU` */
function cpuWords(found: Found): string {
  const all = found.basis?.ms ?? [];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (found.basis?.kind !== 'measured') return atMostWords(found, most);
  const much = most > 1.1 * least ? `${formatMs(least)} to ${formatMs(most)}` : formatMs(most);
  return `One call costs ${much} of CPU`;
}

const atMostWords = ({ quantity }: Found, ms: number) =>
  `${quantity.words} rests on at most ${formatMs(ms)} of CPU`;

const throttledMb = (points: readonly Point[], basis: CpuBasis | null) =>
  points.filter(({ quotaMs }, i) => (basis?.ms[i] ?? 0) > quotaMs).map(({ memoryMb }) => memoryMb);
