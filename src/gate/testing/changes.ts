import type { GateCase } from './gate-analysis.ts';

export type Change = NonNullable<GateCase['change']>;

/** Head's handler takes so much longer, as a share of p50. */
export function slower(by: number): Change {
  return (trial, side) => {
    const { p50Ms, handlerMs } = trial;
    if (side !== 'head' || p50Ms === null || handlerMs === null) return;
    const moreMs = by * p50Ms;
    trial.p50Ms = p50Ms + moreMs;
    trial.handlerMs = handlerMs + moreMs;
    if (trial.partsAt.p50 !== null) trial.partsAt.p50.handler += moreMs;
  };
}

/** So many of head's requests fail, and faster than an answer comes. */
export function failing(share: number): Pick<GateCase, 'change' | 'cell'> {
  return {
    change(trial, side) {
      if (side !== 'head' || trial.p50Ms === null) return;
      trial.failures = share * trial.requests;
      trial.p50Ms /= 2;
    },
    cell(cell, side) {
      if (side !== 'head') return;
      const requests = cell.perTrial.reduce((total, { failures }) => total + failures, 0);
      cell.failures = [{ outcome: 'http_error', error: '502 Bad Gateway', requests }];
    },
  };
}
