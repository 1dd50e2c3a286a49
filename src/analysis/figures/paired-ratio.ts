import type { CellAnalysis, Figure, PerTrial, Ratios, TrialFigure } from '../../model/analysis.ts';
import { geometricMeanInterval } from '../../stats/intervals.ts';
import { LEAST_ROUNDS, noFigure, plainFigure } from './figure.ts';

/** Figures of one cell divided by those of another, paired by round. */
export function ratiosOf(cell: CellAnalysis, reference: CellAnalysis): Ratios {
  const ratio = (of: TrialFigure, whole: (one: CellAnalysis) => Figure) =>
    pairedRatio(cell.perTrial, reference.perTrial, of, [whole(cell), whole(reference)]);
  return {
    p50: ratio('p50Ms', ({ latency }) => latency.p50),
    p95: ratio('p95Ms', ({ latency }) => latency.p95),
    p99: ratio('p99Ms', ({ latency }) => latency.p99),
    backendMs: ratio('backendMs', ({ backend }) => backend.medianMs),
  };
}

/**
 * Trial n of both cells ran in round n, so what slowed the round slowed both and leaves their ratio
 * alone. The figure is the geometric mean of the rounds' ratios, its interval the t interval on their
 * logarithms. There is none of a figure that one of the cells lacks, though some rounds may have it:
 * those with few requests would be left out of the ratio and of nothing else.
 */
export function pairedRatio(
  above: CellAnalysis['perTrial'],
  below: CellAnalysis['perTrial'],
  of: TrialFigure | ((trial: PerTrial) => number | null),
  wholes: readonly [Figure, Figure],
): Figure {
  const n = wholes[0].n + wholes[1].n;
  const lacking = wholes.find(({ value }) => value === null);
  const own = typeof of === 'function' ? of : (trial: PerTrial) => trial[of];
  const pairs = above.flatMap((trial) => {
    const one = own(trial);
    const paired = below.find((other) => other.trial === trial.trial);
    const other = paired === undefined ? null : own(paired);
    return one !== null && other !== null ? [{ one, other }] : [];
  });
  if (pairs.some(({ one, other }) => one <= 0 || other <= 0)) {
    return noFigure('ratio', 'a round has a value that is not above 0, which has no ratio', n);
  }
  const ratios = pairs.map(({ one, other }) => one / other);
  if (lacking !== undefined || ratios.length === 0) {
    return noFigure('ratio', lacking?.note ?? 'no round has the figure of both cells', n);
  }
  const rounds = ratios.length;
  if (rounds < LEAST_ROUNDS) {
    const value = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / rounds);
    const note = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}; an interval needs ${LEAST_ROUNDS}`;
    return plainFigure(value, 'ratio', n, rounds, note);
  }
  const { value, low, high } = geometricMeanInterval(ratios);
  return { value, unit: 'ratio', low, high, interval: 'paired_t', n, trials: rounds };
}
