import type { Cell, Plan } from '../../../model/run.ts';
import { peakRatePerS } from '../throttle.ts';

/**
 * How long an invocation is taken to last, in seconds, before anything has been measured: `warm` as the
 * study of 2019 has it at its slowest (100 to 200 ms end to end), `first` with the initialisation of an
 * environment (0.4 to 1 s published for GraphQL servers on Node.js).
 */
export const ASSUMED_S = { warm: 0.2, first: 1 } as const;

/** Executions at a time that a load asks for. */
export interface ExpectedConcurrency {
  cellId: string;
  /** Arrivals × duration (Little's law); of a closed model its users. */
  steady: number;
  /** The same while environments initialise. */
  starting: number;
}

/** Of the cell that asks for most: one is live at a time. */
export function expectedConcurrency({ cells }: Pick<Plan, 'cells'>): ExpectedConcurrency {
  const [first, ...others] = cells.map(ofCell);
  return others.reduce((most, one) => (one.steady > most.steady ? one : most), first ?? NONE);
}

const NONE: ExpectedConcurrency = { cellId: '', steady: 0, starting: 0 };

function ofCell({ id, endpoint, profile }: Cell): ExpectedConcurrency {
  const at = (durationS: number) =>
    profile.kind === 'closed'
      ? profile.vus
      : profile.kind === 'cold'
        ? 1
        : Math.ceil(peakRatePerS(profile) * durationS);
  // A burst meets no environment: all that arrive in the first second wait for one each.
  const steady = at(profile.kind === 'burst' ? ASSUMED_S.first : ASSUMED_S.warm);
  const starting = at(ASSUMED_S.first);
  // What is beyond a reservation is throttled, as it was asked for.
  const most = endpoint.reservedConcurrency ?? Number.POSITIVE_INFINITY;
  return { cellId: id, steady: Math.min(most, steady), starting: Math.min(most, starting) };
}
