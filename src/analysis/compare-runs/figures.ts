import type { CellAnalysis, Figure, PerTrial } from '../../model/analysis.ts';
import type { Change, ComparedFigure } from '../../model/compared.ts';
import { noFigure, trialsFigure } from '../figures/figure.ts';

/** A figure cells are compared by: as it is shown, and trial by trial. */
export interface Compared {
  figure: ComparedFigure;
  kind: Change['kind'];
  whole(cell: CellAnalysis): Figure;
  byTrial(cell: CellAnalysis): ReadonlyMap<number, number>;
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
  },
];

/** Positive values only: what is compared are logarithms. */
function of(key: Exclude<keyof PerTrial, 'trial'>) {
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
function failureShares({ perTrial, timeline }: CellAnalysis): ReadonlyMap<number, number> {
  const sums = new Map(perTrial.map(({ trial }) => [trial, { requests: 0, failures: 0 }]));
  for (const { trial, requests, failures } of timeline.points) {
    const sum = sums.get(trial);
    if (sum === undefined) continue;
    sum.requests += requests;
    sum.failures += failures;
  }
  return new Map(
    [...sums].flatMap(([trial, { requests, failures }]): [number, number][] =>
      requests > 0 ? [[trial, failures / requests]] : [],
    ),
  );
}
