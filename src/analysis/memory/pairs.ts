import type { CellAnalysis, Figure, PerTrial } from '../../model/analysis.ts';
import { isShown } from '../compare/ratio-words.ts';
import { noFigure } from '../figures/figure.ts';
import { pairedRatio } from '../figures/paired-ratio.ts';
import type { Group, Size } from './group.ts';

/** What sizes are ranked by; the less the better. */
export interface Measure {
  ofTrial(trial: PerTrial): number | null;
  ofCell(cell: CellAnalysis): Figure;
}

export const COST: Measure = {
  ofTrial: ({ costUsd }) => costUsd,
  ofCell: ({ cost }) => cost.total,
};

export function latencyMeasure({ latency: { name, perTrial } }: Pick<Group, 'latency'>): Measure {
  return { ofTrial: (trial) => trial[perTrial], ofCell: ({ latency }) => latency[name] };
}

/** Latency × cost: a per cent of the one weighs as much as a per cent of the other, in whatever unit. */
export function productMeasure(one: Measure, other: Measure): Measure {
  return {
    ofTrial: (trial) => {
      const [a, b] = [one.ofTrial(trial), other.ofTrial(trial)];
      return a === null || b === null ? null : a * b;
    },
    ofCell: (cell) => {
      const [a, b] = [one.ofCell(cell), other.ofCell(cell)];
      if (a.value === null || b.value === null) {
        return noFigure('ratio', (a.value === null ? a.note : b.note) ?? 'not measured', a.n);
      }
      return { ...a, value: a.value * b.value, low: null, high: null, interval: 'none' };
    },
  };
}

/** `one` ÷ `other`, paired by round. */
function sizeRatio(measure: Measure, one: Size, other: Size): Figure {
  return pairedRatio(one.cell.perTrial, other.cell.perTrial, measure.ofTrial, [
    measure.ofCell(one.cell),
    measure.ofCell(other.cell),
  ]);
}

/** Whether `one` is shown to be less than `other`. */
export function shownLess(measure: Measure, one: Size, other: Size): boolean {
  const ratio = sizeRatio(measure, one, other);
  return isShown(ratio) && (ratio.value as number) < 1;
}

/** The sizes' values of each round that has all of them. */
export function fullRounds(
  { ofTrial }: Pick<Measure, 'ofTrial'>,
  sizes: readonly Pick<Size, 'cell'>[],
): number[][] {
  const trials = sizes[0]?.cell.perTrial.map(({ trial }) => trial) ?? [];
  return trials.flatMap((trial) => {
    const values = sizes.flatMap(({ cell }) => {
      const own = cell.perTrial.find((one) => one.trial === trial);
      return (own === undefined ? null : ofTrial(own)) ?? [];
    });
    return values.length === sizes.length ? [values] : [];
  });
}
