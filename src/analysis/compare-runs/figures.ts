import type { CellAnalysis, Figure, TrialFigure } from '../../model/analysis.ts';
import type { Change, ComparedFigure } from '../../model/compared.ts';
import { noFigure, trialsFigure } from '../figures/figure.ts';

/** A figure cells are compared by: as it is shown, and trial by trial. */
export interface Compared {
  figure: ComparedFigure;
  kind: Change['kind'];
  whole(cell: CellAnalysis): Figure;
  byTrial(cell: CellAnalysis): ReadonlyMap<number, number>;
  /** The standard error that the mean over trials has at least, in its unit. */
  leastError?(cell: CellAnalysis): number;
}

export const COMPARED: readonly Compared[] = [
  { figure: 'p50', kind: 'ratio', whole: ({ latency }) => latency.p50, byTrial: of('p50Ms') },
  { figure: 'p95', kind: 'ratio', whole: ({ latency }) => latency.p95, byTrial: of('p95Ms') },
  { figure: 'p99', kind: 'ratio', whole: ({ latency }) => latency.p99, byTrial: of('p99Ms') },
  {
    figure: 'init',
    kind: 'ratio',
    whole: ({ coldStarts }) => coldStarts.medianInitMs,
    byTrial: of('initMs'),
  },
  {
    figure: 'backend',
    kind: 'ratio',
    whole: ({ backend }) => backend.medianMs,
    byTrial: of('backendMs'),
  },
  { figure: 'cost', kind: 'ratio', whole: ({ cost }) => cost.total, byTrial: of('costUsd') },
  {
    figure: 'failures',
    kind: 'difference',
    whole: (cell) => {
      const shares = [...failureShares(cell).values()];
      if (shares.length === 0) return noFigure('share', 'no request was sent');
      return trialsFigure(shares, 'share', cell.requests, 'arithmetic');
    },
    byTrial: failureShares,
    leastError: binomialError,
  },
];

/** Positive values only: what is compared are logarithms. */
function of(key: TrialFigure) {
  return ({ perTrial }: CellAnalysis) =>
    new Map(
      perTrial.flatMap((one): [number, number][] => {
        const value = one[key];
        return value !== null && value > 0 ? [[one.trial, value]] : [];
      }),
    );
}

/**
 * Failed requests of those sent, of each trial that counts, in all phases. Failures come in bursts, so
 * requests are no independent units; trials are. Arrivals that were dropped are a matter of validity.
 */
function failureShares(cell: CellAnalysis): ReadonlyMap<number, number> {
  return new Map(
    sentByTrial(cell).map(({ trial, requests, failures }) => [trial, failures / requests]),
  );
}

/**
 * Of the mean of the trials' shares, were failures independent: √(Σ p (1 − p) ÷ nᵣ) ÷ R. One failure in
 * each of a few trials has no spread, and is no more certain than the same failures spread by chance.
 */
function binomialError(cell: CellAnalysis): number {
  const trials = sentByTrial(cell);
  const sum = (of: (one: Sent) => number) => trials.reduce((total, one) => total + of(one), 0);
  const share = sum(({ failures }) => failures) / sum(({ requests }) => requests);
  return Math.sqrt(sum(({ requests }) => (share * (1 - share)) / requests)) / trials.length;
}

interface Sent {
  trial: number;
  requests: number;
  failures: number;
}

function sentByTrial({ perTrial, timeline }: CellAnalysis): Sent[] {
  const sums = new Map(perTrial.map(({ trial }) => [trial, { trial, requests: 0, failures: 0 }]));
  for (const { trial, requests, failures } of timeline.points) {
    const sum = sums.get(trial);
    if (sum === undefined) continue;
    sum.requests += requests;
    sum.failures += failures;
  }
  return [...sums.values()].filter(({ requests }) => requests > 0);
}
