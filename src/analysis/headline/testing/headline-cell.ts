import type { CellAnalysis, Figure } from '../../../model/analysis.ts';
import { PARTS, type Part } from '../../../model/tables.ts';
import type { Tail } from '../../../model/tail.ts';
import { aTrial, noColdStarts, noCost } from '../../../model/testing/empty.ts';
import { sampledCell } from '../../testing/sampled-cell.ts';
import { cellOf } from '../../testing/trial-files.ts';

export function figure(
  value: number | null,
  low: number | null,
  high: number | null,
  interval: Figure['interval'] = 'trials_t',
  unit: Figure['unit'] = 'ms',
): Figure {
  return { value, unit, low, high, interval, n: 1000, trials: 5 };
}

/** What sentences are made of; the rest of an analysis is not looked at. */
export function cell(
  memoryMb: number,
  p99: Figure,
  more: {
    state?: 'sound' | 'doubtful' | 'void';
    cold?: number;
    p50?: Figure;
    tail?: Tail;
    costUsd?: readonly number[];
  } = {},
): CellAnalysis {
  const { state = 'sound', cold = 0, costUsd = [] } = more;
  const parts = Object.fromEntries(
    PARTS.map((part) => [part, part === 'backend' ? 6 : 0.5]),
  ) as CellAnalysis['bands'][0]['meanPartsMs'];
  const band = (name: 'median' | 'above_p99', coldRequests: number): CellAnalysis['bands'][0] => ({
    band: name,
    fromQuantile: 0,
    toQuantile: 1,
    requests: 100,
    coldRequests,
    meanPartsMs: parts,
    meanTotalMs: 10,
  });
  const nothing = figure(null, null, null, 'none');
  return {
    ...sampledCell({ endpoint: { memoryMb }, p50: [], state }),
    cell: cellOf(memoryMb),
    trials: 5,
    latency: {
      p50: more.p50 ?? figure(10, 9, 11),
      p90: nothing,
      p95: nothing,
      p99,
      p999: nothing,
      max: nothing,
    },
    backend: {
      tracedRequests: 0,
      callsMean: figure(1, 1, 1),
      callsMedian: nothing,
      medianMs: nothing,
    },
    perTrial: costUsd.map((usd, index) => aTrial(index + 1, { costUsd: usd })),
    bands: [band('median', 0), band('above_p99', cold)],
    coldStarts: noColdStarts({
      share: figure(cold / 1000, 0, 1, 'wilson', 'share'),
      requests: cold,
      penaltyMs: cold > 0 ? figure(310, 290, 330) : nothing,
    }),
    tails: more.tail === undefined ? [] : [more.tail],
    cost: { ...noCost(), total: figure(costUsd[0] ?? null, null, null, 'trials_t', 'usd') },
    validity: {
      state,
      trials: [],
      checks:
        state === 'sound'
          ? []
          : [
              {
                name: 'x',
                label: 'CPU of the load generator',
                value: 1,
                shown: '95% of 2 cores',
                threshold: '',
                state,
                why: '',
                about: 'measurement',
              },
            ],
    },
  };
}

/** A p99's tail with the shares of two parts; the rest is shared by none. */
export function tailWith(shares: { [part in Part]?: Figure }, own: Partial<Tail> = {}): Tail {
  const parts = PARTS.flatMap((part) => {
    const share = shares[part];
    return share === undefined ? [] : [{ part, middleMs: 1, tailMs: 2, differenceMs: 1, share }];
  });
  return {
    quantile: 'p99',
    requests: 100,
    coldRequests: 0,
    middleTotalMs: 10,
    tailTotalMs: 60,
    parts,
    leading: parts[0]?.part ?? null,
    finding: '',
    operations: [],
    withoutCold: figure(null, null, null, 'none'),
    ...own,
  };
}

export const share = (value: number, low: number | null, high: number | null, n = 100): Figure => ({
  ...figure(value, low, high, 'trials_t', 'share'),
  n,
});

/** Cold starts lead it. */
export const COLD_TAIL = tailWith({ init: share(0.71, 0.65, 0.77), handler: share(0.2, 0.1, 0.3) });
