import type { Random } from '../../base/random.ts';
import type { CellAnalysis, Check, Figure, PartsMs } from '../../model/analysis.ts';
import type { Cell } from '../../model/run.ts';
import { scheduledIterations } from '../../model/scenario.ts';
import { PARTS } from '../../model/tables.ts';
import { aTrial, noColdStarts, noCost } from '../../model/testing/empty.ts';
import { sampleBands, sampleWaterfall } from './sample-bands.ts';
import { callMs, callsIn, callsOf, driftOf, OPERATIONS } from './sample-calls.ts';
import { combine, quantile, wilson } from './sample-figures.ts';
import type { SampleRequest } from './sample-request.ts';

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
  const warm = all
    .filter((r) => !r.cold)
    .map((r) => r.totalMs)
    .sort((a, b) => a - b);
  const coldTotal = cold.map((r) => r.totalMs).sort((a, b) => a - b);
  const coldInit = cold.map((r) => r.parts.init).sort((a, b) => a - b);
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
    rateAskedPerS: cell.profile.kind === 'ramp' ? cell.profile.ratePerS : null,
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
    curves: sorted.map((values, i) => ({ trial: i + 1, points: curve(values) })),
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
    timeline: { binS: 1, points: perTrial.flatMap(timelineOf) },
    coldStarts: noColdStarts({
      share: wilson(cold.length, all.length, trials),
      requests: cold.length,
      environments: cold.length,
      medianInitMs: combine([quantile(coldInit, 0.5)], 'ms', trials, 0.03),
      medianTotalMs: combine([quantile(coldTotal, 0.5)], 'ms', trials, 0.03),
      penaltyMs: combine([quantile(coldTotal, 0.5) - quantile(warm, 0.5)], 'ms', trials, 0.04),
      samples: cold.map((r) => ({
        trial: r.trial,
        atS: us(r.atS),
        totalMs: r.totalMs,
        initMs: r.parts.init,
        placementMs: r.parts.placement,
      })),
    }),
    burst: null,
    tails: [],
    cost: noCost(),
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
    validity: { state: 'sound', checks: checksOf(all.length), trials: [] },
    explained: { medianUnexplainedMs: combine([0.4], 'ms', trials, 0.05), maxSumErrorMs: 0.001 },
  };
}

function sampleTrial(cell: Cell, trial: number, random: Random): SampleRequest[] {
  const count = Math.round((scheduledIterations(cell.profile) ?? 1300) * (0.99 + random() * 0.02));
  const speed = Math.min(1.6, cell.endpoint.memoryMb / 1769);
  const backendMs = callMs(cell);
  const heavier = cell.endpoint.server === 'apollo' ? 1.25 : 1;
  const drift = driftOf(trial) * Math.exp((random() - 0.5) * 0.04);
  return Array.from({ length: count }, (_, i) => {
    const share = i / count;
    const phase = share < 50 / 1300 ? 'warm_up' : share < 300 / 1300 ? 'ramp' : 'hold';
    const atS =
      phase === 'warm_up'
        ? share * 260
        : phase === 'ramp'
          ? 10 + ((share - 0.0385) / 0.192) * 20
          : 30 + ((share - 0.2308) / 0.7692) * 50;
    const cold = random() < (phase === 'hold' ? 0.013 : phase === 'ramp' ? 0.06 : 0.2);
    const draw = random();
    const operation = OPERATIONS[draw < 0.5 ? 0 : draw < 0.85 ? 1 : 2];
    const spread = Math.exp((random() + random() + random() - 1.5) * 0.7) * drift;
    const stall = random() < 0.02 ? 3 + random() * 6 : 1;
    const parts: PartsMs = {
      client: 0.2 + random() * 0.3,
      network: 0.5 + random() * 0.3,
      front: 3.5 * spread,
      placement: cold ? 18 + random() * 30 : 0.6 + random() * 0.4,
      init: cold ? (190 * heavier * (0.9 + random() * 0.35)) / Math.min(1, speed * 1.4) : 0,
      handler: (2.6 * heavier * spread * (cold ? 14 : 1)) / speed,
      backend: backendMs * callsOf(cell, operation) * spread * stall,
      overhead: 0.3 + random() * 0.2,
      unexplained: random() * 0.8,
    };
    for (const part of PARTS) parts[part] = us(parts[part]);
    const totalMs = us(PARTS.reduce((sum, part) => sum + parts[part], 0));
    return {
      trial,
      atS,
      phase,
      operation: operation.name,
      cold,
      failed: random() < 0.0015,
      parts,
      totalMs,
    };
  });
}

/** A time as clocks give it, to the microsecond. */
const us = (ms: number) => Math.round(ms * 1000) / 1000;

function curve(sorted: number[]) {
  return Array.from({ length: 120 }, (_, i) => {
    const q = 1 - 10 ** (-(i / 119) * Math.log10(Math.max(10, sorted.length)));
    return { quantile: Math.round(q * 1e6) / 1e6, ms: quantile(sorted, q) };
  });
}

function timelineOf(requests: SampleRequest[]) {
  return Array.from({ length: 80 }, (_, s) => {
    const bin = requests.filter((r) => Math.floor(r.atS) === s);
    const totals = bin.map((r) => r.totalMs).sort((a, b) => a - b);
    return {
      trial: requests[0]?.trial ?? 1,
      atS: s,
      phase: s < 10 ? 'warm_up' : s < 30 ? 'ramp' : 'hold',
      requests: bin.length,
      failures: bin.filter((r) => r.failed).length,
      cold: bin.filter((r) => r.cold).length,
      p50Ms: bin.length > 0 ? quantile(totals, 0.5) : null,
      maxMs: totals.at(-1) ?? null,
    };
  });
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

function checksOf(requests: number): Check[] {
  return bareChecksOf(requests).map((check) => ({ ...check, about: 'measurement' }));
}

function bareChecksOf(requests: number): Omit<Check, 'about'>[] {
  const n = requests.toLocaleString('en-US');
  return [
    {
      name: 'trace-coverage',
      label: 'Requests with a trace',
      value: 0.9992,
      shown: `${(requests - 1).toLocaleString('en-US')} of ${n} (99.9%)`,
      threshold: '≥ 99%',
      state: 'sound',
      why: 'Below it the breakdown may miss the requests that matter, those of the tail.',
    },
    {
      name: 'dropped-iterations',
      label: 'Arrivals dropped by the generator',
      value: 0,
      shown: `0 of ${n}`,
      threshold: '0',
      state: 'sound',
      why: 'A dropped arrival is a request that was never measured: coordinated omission.',
    },
    {
      name: 'host-wait',
      label: 'Wait for a core of this host',
      value: 0.012,
      shown: '1.2% of the environments’ time',
      threshold: '≤ 5%',
      state: 'sound',
      why: 'Lambda would not have made them wait; beyond it the host is the bottleneck.',
    },
    {
      name: 'lost-datagrams',
      label: 'Lost X-Ray datagrams',
      value: 0,
      shown: '0',
      threshold: '0',
      state: 'sound',
      why: 'Each may have been a backend call that is now counted as handler time.',
    },
  ];
}
