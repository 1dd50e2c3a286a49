import type { CellAnalysis, Figure, Ratios } from '../../model/analysis.ts';
import { geometricMeanInterval } from '../../stats/intervals.ts';
import { noFigure } from './figure.ts';

/** Below it a t interval says more of its few rounds than of the ratio. */
export const LEAST_ROUNDS = 3;

type TrialFigure = Exclude<keyof CellAnalysis['perTrial'][number], 'trial'>;

/** Figures of one cell divided by those of another, paired by round. */
export function ratiosOf(cell: CellAnalysis, reference: CellAnalysis): Ratios {
  const lacking = (of: (one: CellAnalysis) => Figure) =>
    [of(cell), of(reference)].find(({ value }) => value === null)?.note;
  return {
    p50: pairedRatio(
      cell,
      reference,
      'p50Ms',
      lacking((one) => one.latency.p50),
    ),
    p95: pairedRatio(
      cell,
      reference,
      'p95Ms',
      lacking((one) => one.latency.p95),
    ),
    p99: pairedRatio(
      cell,
      reference,
      'p99Ms',
      lacking((one) => one.latency.p99),
    ),
    backendMs: pairedRatio(
      cell,
      reference,
      'backendMs',
      lacking((one) => one.backend.medianMs),
    ),
  };
}

/**
 * Trial n of both cells ran in round n, so what slowed the round slowed both and leaves their ratio
 * alone. The figure is the geometric mean of the rounds' ratios, its interval the t interval on their
 * logarithms.
 */
function pairedRatio(
  cell: CellAnalysis,
  reference: CellAnalysis,
  of: TrialFigure,
  lacking: string | undefined,
): Figure {
  const ratios = cell.perTrial.flatMap((trial) => {
    const above = trial[of];
    const below = reference.perTrial.find((other) => other.trial === trial.trial)?.[of] ?? null;
    return above !== null && below !== null && above > 0 && below > 0 ? [above / below] : [];
  });
  const n = cell.holdRequests + reference.holdRequests;
  if (ratios.length === 0) {
    return noFigure('ratio', lacking ?? 'no round has the figure of both cells', n);
  }
  const rounds = ratios.length;
  if (rounds < LEAST_ROUNDS) {
    const value = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / rounds);
    const note = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}; an interval needs ${LEAST_ROUNDS}`;
    return {
      value,
      unit: 'ratio',
      low: null,
      high: null,
      interval: 'none',
      n,
      trials: rounds,
      note,
    };
  }
  const { value, low, high } = geometricMeanInterval(ratios);
  return { value, unit: 'ratio', low, high, interval: 'paired_t', n, trials: rounds };
}
