import type { Figure } from '../../model/analysis.ts';
import type { MemoryFit, ScaledQuantity } from '../../model/memory-scaling.ts';
import type { Interval } from '../../stats/intervals.ts';
import { type MemoryModel, memoryCurveMs } from '../../stats/memory-model.ts';
import { LEAST_ROUNDS, noFigure, plainFigure } from '../figures/figure.ts';
import { pairedRatio } from '../figures/paired-ratio.ts';
import type { Group } from './group.ts';
import { judge, type Said } from './law.ts';
import { cpuBasis, type Point, pointsOf, QUANTITIES, type Quantity } from './quantities.ts';
import { quantityFinding } from './quantity-finding.ts';

/** How each duration of a group depends on memory; those that no size has are left out. */
export function scaledQuantities(group: Group): ScaledQuantity[] {
  return QUANTITIES.flatMap((quantity) => {
    const points = pointsOf(quantity, group);
    return points.length === 0 ? [] : [scaled(quantity, group, points)];
  });
}

function scaled(quantity: Quantity, group: Group, points: readonly Point[]): ScaledQuantity {
  const basis = cpuBasis(quantity, group, points);
  // A difference of two medians: where it is not above 0 there is nothing that could scale.
  const seen = points.every(({ figure }) => (figure.value as number) > 0);
  const said: Said = seen
    ? judge(quantity, group, points, basis)
    : { kind: 'unknown', why: 'not_seen' };
  const ratio = ratioOf(quantity, points);
  const { kind } = said;
  return {
    quantity: quantity.name,
    points: points.map(({ memoryMb, cell, figure }) => ({
      memoryMb,
      cellId: cell.cell.id,
      figure,
    })),
    kind: kind === 'no_quota' || kind === 'no_cpu' || kind === 'one_size' ? 'unknown' : kind,
    fit: said.kind === 'fit' ? fitOf(said.model, said.rounds, points) : null,
    ratio,
    finding: quantityFinding({ quantity, points, basis, said, ratio }),
  };
}

function ratioOf({ perTrial, figure }: Quantity, points: readonly Point[]): Figure {
  const [smallest, largest] = [points[0], points.at(-1)];
  if (smallest === undefined || largest === undefined || smallest === largest) {
    return noFigure('ratio', 'one size has this figure');
  }
  return pairedRatio(largest.cell.perTrial, smallest.cell.perTrial, perTrial, [
    figure(largest.cell),
    figure(smallest.cell),
  ]);
}

/** Points of the curve between two sizes. */
const CURVE_STEPS = 60;

function fitOf(model: MemoryModel, rounds: number, points: readonly Point[]): MemoryFit {
  const n = points.reduce((sum, { figure }) => sum + figure.n, 0);
  const figure = (interval: Interval | null, value: number): Figure =>
    interval === null
      ? plainFigure(value, 'ms', n, rounds, `an interval needs ${LEAST_ROUNDS} rounds`)
      : { ...interval, unit: 'ms', interval: 'trials_t', n, trials: rounds };
  const [from, to] = [points[0]?.memoryMb as number, points.at(-1)?.memoryMb as number];
  return {
    aMs: figure(model.aMs, model.a),
    bMs: figure(model.bMs, model.b),
    s: model.s,
    lackOfFitShare: model.lackOfFitShare,
    curve: Array.from({ length: CURVE_STEPS + 1 }, (_, i) => {
      const memoryMb = from * (to / from) ** (i / CURVE_STEPS);
      return { memoryMb, ms: memoryCurveMs(model, memoryMb) };
    }),
  };
}
