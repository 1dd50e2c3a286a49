import type { CellAnalysis, Figure, TrialFigure } from '../../model/analysis.ts';
import type { Scaled } from '../../model/memory-scaling.ts';
import { trialsFigure } from '../figures/figure.ts';
import { type Group, type Size, valuesOf } from './group.ts';

/** A duration that may scale with memory. */
export interface Quantity {
  name: Scaled;
  /** At the begin of a sentence. */
  words: string;
  perTrial: Exclude<TrialFigure, 'cpuMs' | 'costUsd'>;
  figure(cell: CellAnalysis): Figure;
}

export const QUANTITIES: readonly Quantity[] = [
  {
    name: 'init',
    words: 'Init',
    perTrial: 'initMs',
    figure: ({ coldStarts }) =>
      coldStarts.medianInitMs.value === null
        ? coldStarts.prewarmed.medianInitMs
        : coldStarts.medianInitMs,
  },
  {
    name: 'first_call',
    words: 'The first call of an environment',
    perTrial: 'firstCallMs',
    figure: ({ coldStarts }) => coldStarts.firstCallMs,
  },
  {
    name: 'handler',
    words: 'The handler’s own time',
    perTrial: 'handlerMs',
    figure: (cell) => trialsFigure(valuesOf(cell, 'handlerMs'), 'ms', cell.holdRequests),
  },
  {
    name: 'backend',
    words: 'Time in the backend',
    perTrial: 'backendMs',
    figure: ({ backend }) => backend.medianMs,
  },
  {
    name: 'connection',
    words: 'Setting up connections',
    perTrial: 'connectionMs',
    figure: ({ coldStarts }) => coldStarts.connectionMs,
  },
  { name: 'p50', words: 'p50', perTrial: 'p50Ms', figure: ({ latency }) => latency.p50 },
  { name: 'p99', words: 'p99', perTrial: 'p99Ms', figure: ({ latency }) => latency.p99 },
];

/** A size at which the quantity has a value. */
export interface Point extends Size {
  figure: Figure;
}

export function pointsOf(quantity: Quantity, { sizes }: Group): Point[] {
  return sizes
    .map((size) => ({ ...size, figure: quantity.figure(size.cell) }))
    .filter(({ figure }) => figure.value !== null);
}

/** CPU of one occurrence, by point. */
export interface CpuBasis {
  ms: number[];
  /** Of this work itself, or an upper bound of it. */
  kind: 'measured' | 'at_most';
}

/**
 * The CPU a quantity rests on. Handler, p50 and p99: that of a warm call. Others have CPU of their own,
 * which is not measured, but one thread cannot use more than the time it took where it took least; the
 * backend's is also part of the warm call's. Where most of the tail was cold, or every request is,
 * latency is made of first calls. null: not known.
 */
export function cpuBasis(
  quantity: Quantity,
  group: Group,
  points: readonly Point[],
): CpuBasis | null {
  const least = Math.max(0, Math.min(...points.map(({ figure }) => figure.value as number)));
  const calls = points.map(({ cpu }) => cpu.value);
  const bounded = (bound: number | null) => Math.min(least, bound ?? Number.POSITIVE_INFINITY);
  if (quantity.name === 'backend') return { ms: calls.map(bounded), kind: 'at_most' };
  const ofCall = quantity.name === 'handler' || quantity.name === 'p50' || quantity.name === 'p99';
  const cold = group.forcedCold || (quantity.name === 'p99' && points.some(tailIsCold));
  if (!ofCall || cold) return { ms: points.map(() => least), kind: 'at_most' };
  if (calls.some((ms) => ms === null)) return null;
  const measured = points.every(({ cpuMeasured }) => cpuMeasured);
  return { ms: calls as number[], kind: measured ? 'measured' : 'at_most' };
}

function tailIsCold({ cell }: Point): boolean {
  const tail = cell.tails.find(({ quantile }) => quantile === 'p99');
  return tail !== undefined && tail.coldRequests * 2 > tail.requests;
}
