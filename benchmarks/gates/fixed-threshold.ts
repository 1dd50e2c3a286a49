/**
 * How common tools decide: two numbers and a fixed threshold. github-action-benchmark and its like take
 * one run's mean each of base and head and fail where their ratio is above it. Here on the very samples
 * a gate judged.
 */
export const THRESHOLDS = [0.05, 0.1] as const;

/** A figure of both trials of a round. */
export interface Pair {
  base: number;
  head: number;
}

export interface ThresholdRule {
  /** `one pair` */
  name: string;
  /** head ÷ base of each comparison that can be made. */
  ratios: number[];
}

const FEW = 5;

/** @param gates the pairs of each gate, in the order they were measured */
export function thresholdRules(gates: readonly (readonly Pair[])[]): ThresholdRule[] {
  return [
    {
      name: 'base and head right after one another',
      ratios: gates.flat().map(({ base, head }) => head / base),
    },
    {
      // What is stored on a branch was measured in another run.
      name: 'base of an earlier run',
      ratios: gates.slice(1).flatMap((pairs, earlier) =>
        pairs.flatMap(({ head }, round) => {
          const base = gates[earlier]?.[round]?.base;
          return base === undefined ? [] : [head / base];
        }),
      ),
    },
    {
      name: `means of the first ${FEW} pairs`,
      ratios: gates
        .filter((pairs) => pairs.length >= FEW)
        .map((pairs) => {
          const sum = (side: keyof Pair) =>
            pairs.slice(0, FEW).reduce((total, pair) => total + pair[side], 0);
          return sum('head') / sum('base');
        }),
    },
  ];
}

/** Share of the comparisons that fail; NaN of none. */
export function failingShare({ ratios }: ThresholdRule, threshold: number): number {
  return ratios.filter((ratio) => ratio > 1 + threshold).length / ratios.length;
}
