import { mean, sampleVariance, sum, weightedLinearRegression } from 'simple-statistics';
import { MB_PER_VCPU } from '../model/endpoint.ts';
import { type Interval, meanInterval } from './intervals.ts';

/** One round's durations, in the order of the sizes. */
export type Round = readonly number[];

interface Curve {
  a: number;
  b: number;
  /** The vCPUs the work can use. */
  s: number;
}

export interface MemoryModel extends Curve {
  /** Time that memory does not change, CPU time at one vCPU; intervals from 3 rounds on. */
  aMs: Interval | null;
  bMs: Interval | null;
  /** The largest distance of a size's mean from the curve, as a share of the curve's value there. */
  lackOfFitShare: number;
}

/** Fewer sizes leave nothing to tell the law from another by. */
export const LEAST_SIZES = 5;
/** A t interval of two rounds is 12.7 standard errors to either side. */
const LEAST_ROUNDS_FOR_INTERVAL = 3;

const S_STEP = 0.05;
/** What chance makes another s fit better: the 99% quantile of χ² with one degree of freedom. */
const BETTER_BY = 6.63;

/**
 * d(M) = a + b ÷ min(M ÷ 1769, s) fitted to each round by itself; a and b are the means of the rounds'
 * estimates with t intervals over them, since whatever disturbs a round disturbs all its sizes. Noise
 * multiplies, so a size weighs 1 ÷ (its mean over rounds)². s is sought on a grid from 1 to the largest
 * size's vCPUs, beyond which it changes nothing: 1 (one thread) unless the means over rounds show that
 * it is not, then the grid's end (as many as there are) unless they show that it is not, else each
 * round's own, for its doubt is theirs; the curve is drawn with that of the means. Needs positive durations of every size in every round, and sizes of two different
 * vCPUs up to 1.
 */
export function fitMemoryModel(sizesMb: readonly number[], rounds: readonly Round[]): MemoryModel {
  const means = sizesMb.map((_, i) => mean(rounds.map((round) => round[i] as number)));
  const weights = means.map((ms) => 1 / ms ** 2);
  const best = bestFit(sizesMb, means, weights);
  const tolerated = best.misfit + BETTER_BY * varianceOfMeans(rounds, means);
  const plain = [1, mostVcpus(sizesMb)]
    .map((s) => fitAt(s, sizesMb, means, weights))
    .find(({ misfit }) => misfit <= tolerated);
  const fits = rounds.map((round) =>
    plain === undefined
      ? bestFit(sizesMb, round, weights)
      : fitAt(plain.s, sizesMb, round, weights),
  );
  const enough = rounds.length >= LEAST_ROUNDS_FOR_INTERVAL;
  const drawn = plain ?? best;
  return {
    aMs: enough ? meanInterval(fits.map(({ a }) => a)) : null,
    bMs: enough ? meanInterval(fits.map(({ b }) => b)) : null,
    a: mean(fits.map(({ a }) => a)),
    b: mean(fits.map(({ b }) => b)),
    s: drawn.s,
    lackOfFitShare: Math.max(
      ...means.map((ms, i) => {
        const curve = memoryCurveMs(drawn, sizesMb[i] as number);
        return Math.abs(ms - curve) / curve;
      }),
    ),
  };
}

/** The duration the model gives at a size. */
export function memoryCurveMs({ a, b, s }: Curve, memoryMb: number): number {
  return a + b / Math.min(memoryMb / MB_PER_VCPU, s);
}

interface Fit extends Curve {
  misfit: number;
}

/** Linear in 1 ÷ min(M ÷ 1769, s). */
function fitAt(s: number, sizesMb: readonly number[], ms: Round, weights: readonly number[]): Fit {
  const x = sizesMb.map((mb) => 1 / Math.min(mb / MB_PER_VCPU, s));
  const { m: b, b: a } = weightedLinearRegression(
    x.map((value, i) => [value, ms[i] as number]),
    weights,
  );
  const misfit = sum(
    x.map((value, i) => (weights[i] as number) * ((ms[i] as number) - a - b * value) ** 2),
  );
  return { a, b, s, misfit };
}

function bestFit(sizesMb: readonly number[], ms: Round, weights: readonly number[]): Fit {
  const most = mostVcpus(sizesMb);
  let best = fitAt(most, sizesMb, ms, weights);
  for (let s = 1; s < most; s += S_STEP) {
    const fit = fitAt(Number(s.toFixed(2)), sizesMb, ms, weights);
    if (fit.misfit < best.misfit) best = fit;
  }
  return best;
}

/** Of the largest size, 1 at least: the end of the grid. */
const mostVcpus = (sizesMb: readonly number[]) => Math.max(1, Math.max(...sizesMb) / MB_PER_VCPU);

/** Of a size's mean over rounds, as a share squared; what shifts a whole round is no part of it. */
function varianceOfMeans(rounds: readonly Round[], means: readonly number[]): number {
  if (rounds.length < 2) return Number.POSITIVE_INFINITY;
  const relative = rounds.map((round) => round.map((ms, i) => ms / (means[i] as number)));
  const levelled = relative.map((round) => {
    const level = mean(round);
    return round.map((share) => share - level);
  });
  const sizes = means.length;
  const pooled = mean(means.map((_, i) => sampleVariance(levelled.map((r) => r[i] as number))));
  return (pooled * sizes) / (sizes - 1) / rounds.length;
}
