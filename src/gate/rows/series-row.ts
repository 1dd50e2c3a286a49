import { mean } from 'simple-statistics';
import type { SequentialResult } from '../../stats/sequential.ts';
import type { Looked } from '../progress.ts';
import type { GateCell } from '../sides.ts';
import { absentOrOpen, type Having } from './absent.ts';
import type { Draft, Finding } from './draft.ts';
import { type LeastError, type Point, testSeries } from './series.ts';

/** What the rows that are tested over rounds differ in. */
export interface SeriesAsked
  extends Pick<Draft['about'], 'metric' | 'kind' | 'guard' | 'tolerance' | 'base' | 'head'> {
  points: readonly Point[];
  /** Rounds that count for the cell, whether they have the figure or not. */
  counted: number;
  having: Having;
  /** On the scale of the points. */
  threshold: number;
  /** A mean of the points in the row's own terms. */
  shown(x: number): number;
  leastOf?: LeastError;
  /** Why the row stays open though it was tested; null: it does not. */
  open?(tested: SequentialResult): Finding | null;
  signFlip?(series: readonly number[]): number | null;
}

/** A row whose points are tested against a threshold at every look so far. */
export function seriesRow(cell: GateCell, asked: SeriesAsked, looked: Looked): Draft {
  const { metric, kind, guard, tolerance, base, head, points, threshold, shown } = asked;
  const { cellId, label } = cell;
  const about: Draft['about'] = {
    ...{ cellId, label, metric, kind, operation: null, guard, tolerance, base, head },
    pairs: points.length,
    values: points.map((point) => [point.round, point.base, point.head]),
  };
  const series = points.map(({ x }) => x);
  const tested = testSeries(points, threshold, looked, asked.leastOf);
  if (tested === null) {
    const value = series.length === 0 ? null : shown(mean(series));
    const { having, counted } = asked;
    return { about, finding: absentOrOpen(metric, having, points.length, counted, value, looked) };
  }
  const open = asked.open?.(tested) ?? null;
  if (open !== null) return { about, finding: open };
  return {
    about,
    finding: {
      kind: 'tested',
      change: { value: shown(tested.mean), low: shown(tested.low), high: shown(tested.high) },
      pFail: tested.pAbove,
      pPass: tested.pBelow,
      signFlip: asked.signFlip?.(series) ?? null,
      ...{ threshold, series, leastError: asked.leastOf?.(points) ?? 0, unpaired: false },
    },
  };
}
