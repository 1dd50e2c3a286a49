import type { Random } from '../../base/random.ts';
import type { CellAnalysis, Figure } from '../../model/analysis.ts';
import type { Cell } from '../../model/run.ts';
import { aTrial } from '../../model/testing/empty.ts';
import { sampleBands, sampleWaterfall } from './sample-bands.ts';
import { callsIn, callsOf, OPERATIONS } from './sample-calls.ts';
import { sampleBurst, sampleColdStarts } from './sample-cold.ts';
import { sampleCost } from './sample-cost.ts';
import { sampleCurve, sampleTimeline } from './sample-curves.ts';
import { combine, quantile, wilson } from './sample-figures.ts';
import type { SampleRequest } from './sample-request.ts';
import { sampleTails } from './sample-tails.ts';
import { sampleTrial } from './sample-trial.ts';
import { sampleValidity } from './sample-validity.ts';

function ascending(requests: readonly SampleRequest[], of: (request: SampleRequest) => number) {
  return requests.map(of).sort((a, b) => a - b);
}

const HOLD_QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** Simulates the requests of a cell and computes its figures from them, as an analysis would. */
export function sampleCell(cell: Cell, trials: number, random: Random): CellAnalysis {
  const perTrial = Array.from({ length: trials }, (_, i) => sampleTrial(cell, i + 1, random));
  const all = perTrial.flat();
  const hold = perTrial.map((requests) => requests.filter((r) => r.phase === 'hold' && !r.failed));
  const sorted = hold.map((requests) => requests.map((r) => r.totalMs).sort((a, b) => a - b));
  const backendMs = hold.map((r) => ascending(r, (x) => x.parts.backend));
  const cold = all.filter((r) => r.cold);
  const failed = all.filter((r) => r.failed).length;
  const latency = (q: number) =>
    combine(
      sorted.map((values) => quantile(values, q)),
      'ms',
      trials,
    );
  const [p50, p90, p95, p99, p999] = HOLD_QUANTILES.map(latency) as [
    Figure,
    Figure,
    Figure,
    Figure,
    Figure,
  ];
  return {
    cell,
    trials,
    requests: all.length,
    holdRequests: hold.flat().length,
    outcomes: {
      ok: all.length - failed,
      graphql_error: failed,
      wrong_answer: 0,
      http_error: 0,
      network_error: 0,
    },
    droppedIterations: 0,
    rateReached: {
      ...combine(
        hold.map((r) => r.length / 50),
        'per_s',
        trials,
      ),
    },
    rateAskedPerS: 'ratePerS' in cell.profile ? cell.profile.ratePerS : null,
    failureShare: wilson(failed, all.length, trials),
    failures:
      failed > 0
        ? [{ outcome: 'graphql_error', error: 'Timeout of the table', requests: failed }]
        : [],
    latency: {
      p50,
      p90,
      p95,
      p99,
      p999,
      max: combine(
        sorted.map((v) => v.at(-1) ?? 0),
        'ms',
        trials,
      ),
    },
    curves: sorted.map((values, i) => ({ trial: i + 1, points: sampleCurve(values) })),
    byOperation: OPERATIONS.map((operation) => {
      const of = (r: SampleRequest) => r.operation === operation.name;
      const calls = callsOf(cell, operation);
      const per = hold.map((r) => ascending(r.filter(of), (x) => x.totalMs));
      const at = (q: number, values = per) =>
        combine(
          values.map((v) => quantile(v, q)),
          'ms',
          trials,
        );
      return {
        operation: operation.name,
        requests: all.filter(of).length,
        failures: all.filter((r) => of(r) && r.failed).length,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        medianBackendCalls: calls,
        meanBackendCalls: calls,
        maxBackendCalls: calls,
        medianBackendMs: at(
          0.5,
          hold.map((r) => ascending(r.filter(of), (x) => x.parts.backend)),
        ),
      };
    }),
    backend: {
      tracedRequests: hold.flat().length,
      callsMean: combine(
        hold.map((r) => r.reduce((sum, x) => sum + callsIn(cell, x), 0) / r.length),
        'count',
        trials,
      ),
      callsMedian: combine(
        [
          quantile(
            ascending(hold.flat(), (x) => callsIn(cell, x)),
            0.5,
          ),
        ],
        'count',
        trials,
      ),
      medianMs: combine(
        backendMs.map((v) => quantile(v, 0.5)),
        'ms',
        trials,
      ),
    },
    perTrial: sorted.map((values, i) =>
      aTrial(i + 1, {
        p50Ms: quantile(values, 0.5),
        p95Ms: quantile(values, 0.95),
        p99Ms: quantile(values, 0.99),
        backendMs: quantile(backendMs[i] ?? [], 0.5),
      }),
    ),
    bands: sampleBands(hold.flat()),
    timeline: { binS: 1, points: perTrial.flatMap(sampleTimeline) },
    coldStarts: sampleColdStarts(cell, all, trials),
    burst: sampleBurst(cell, perTrial),
    tails: sampleTails(hold),
    cost: sampleCost(cell, trials, (p50.value ?? 0) * 0.7),
    waterfalls: waterfallsOf(hold.flat(), cold, random),
    memory: {
      usedMaxMb: {
        ...combine([96 + random() * 20], 'mb', trials),
        low: null,
        high: null,
        interval: 'none',
      },
      billedMsMedian: combine([(p50.value ?? 0) * 0.7], 'ms', trials, 0.02),
    },
    validity: sampleValidity(cell, all.length, trials),
    explained: { medianUnexplainedMs: combine([0.4], 'ms', trials, 0.05), maxSumErrorMs: 0.001 },
  };
}

function waterfallsOf(hold: SampleRequest[], cold: SampleRequest[], random: Random) {
  const sorted = [...hold].sort((a, b) => a.totalMs - b.totalMs);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const firstCold = cold[Math.floor(cold.length / 2)];
  return [
    ...sorted
      .slice(-3)
      .reverse()
      .map((r) => sampleWaterfall('slowest', r, random)),
    ...(middle ? [sampleWaterfall('median', middle, random)] : []),
    ...(firstCold ? [sampleWaterfall('cold', firstCold, random)] : []),
  ];
}
