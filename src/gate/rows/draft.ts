import type { GateRow } from '../../model/gate.ts';

/** A row before its verdict: that of one row depends, by Holm, on the others. */
export interface Draft {
  about: Pick<
    GateRow,
    | 'cellId'
    | 'label'
    | 'metric'
    | 'kind'
    | 'operation'
    | 'guard'
    | 'base'
    | 'head'
    | 'tolerance'
    | 'pairs'
    | 'values'
  >;
  finding: Finding;
}

/**
 * settled: sizes and counts, and absent data. open: nothing could be tested yet. tested: the verdict
 * is that of the p-values.
 */
export type Finding =
  | {
      kind: 'settled';
      verdict: 'pass' | 'fail';
      reason: string;
      change: GateRow['change'];
    }
  | { kind: 'open'; reason: string; change: GateRow['change'] }
  | ({ kind: 'tested' } & Tested);

export interface Tested {
  /** In the row's own terms: a ratio, a difference of shares, a budget's figure. */
  change: { value: number; low: number; high: number };
  pFail: number;
  pPass: number;
  signFlip: number | null;
  /** On the scale of the series: what the p-values are of. */
  threshold: number;
  series: readonly number[];
  /** Of the series' mean; 0: none. */
  leastError: number;
  /** Trials of another run cannot be paired: no number of pairs decides. */
  unpaired: boolean;
}
