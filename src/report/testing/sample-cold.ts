import type { Figure } from '../../model/analysis.ts';
import type { Burst, ColdStarts } from '../../model/cold-starts.ts';
import type { Cell } from '../../model/run.ts';
import { memoryOf } from '../../model/testing/an-endpoint.ts';
import { noFigure } from '../../model/testing/empty.ts';
import { combine, quantile, wilson } from './sample-figures.ts';
import type { SampleRequest } from './sample-request.ts';
import { us } from './sample-trial.ts';

/** Cold starts of a cell from all its requests; forced where its scenario is `cold`. */
export function sampleColdStarts(
  { endpoint, profile }: Cell,
  all: readonly SampleRequest[],
  trials: number,
): ColdStarts {
  const forced = profile.kind === 'cold';
  const cold = all.filter((r) => r.cold);
  const warm = all.filter((r) => !r.cold);
  const middle = (requests: readonly SampleRequest[], of: (r: SampleRequest) => number) =>
    quantile(
      requests.map(of).sort((a, b) => a - b),
      0.5,
    );
  const figure = (value: number, spread: number): Figure => ({
    ...combine([value], 'ms', trials, trials > 1 ? spread : 0),
    n: cold.length,
  });
  const init = (r: SampleRequest) => r.parts.init;
  const handler = (r: SampleRequest) => r.parts.handler;
  const total = (r: SampleRequest) => r.totalMs;
  // Environments may be started ahead of their first request; larger functions show it here.
  const prewarmed = forced || memoryOf({ endpoint }) < 2048 ? 0 : 2 * trials;
  return {
    forced,
    share: forced
      ? noFigure('share', 'every cold start was forced: their share says nothing')
      : wilson(cold.length, all.length, trials),
    requests: cold.length,
    environments: cold.length + prewarmed,
    medianInitMs: figure(middle(cold, init), 0.03),
    firstCallMs: figure(middle(cold, handler), 0.05),
    warmCallMs: figure(middle(warm, handler), 0.02),
    connectionMs: figure(middle(cold, handler) / 4, 0.12),
    medianTotalMs: figure(middle(cold, total), 0.03),
    penaltyMs: figure(middle(cold, total) - middle(warm, total), 0.04),
    billedInitMs: figure(middle(cold, init) * 1.01, 0.03),
    prewarmed: {
      requests: prewarmed,
      medianInitMs: prewarmed > 0 ? figure(middle(cold, init), 0.08) : noFigure(),
      medianTotalMs: prewarmed > 0 ? figure(middle(warm, total) * 2.1, 0.1) : noFigure(),
    },
    disagreements: 0,
    samples: cold.map((r) => ({
      trial: r.trial,
      atS: us(r.atS),
      totalMs: r.totalMs,
      initMs: r.parts.init,
      placementMs: r.parts.placement,
    })),
  };
}

const BIN_S = 0.25;

export function sampleBurst(cell: Cell, perTrial: readonly SampleRequest[][]): Burst | null {
  if (cell.profile.kind !== 'burst') return null;
  const untilWarm = perTrial.map((requests) =>
    Math.max(0, ...requests.filter((r) => r.cold).map((r) => r.atS + r.totalMs / 1000)),
  );
  const environments = perTrial.map((requests) => requests.filter((r) => r.cold).length);
  const warm: Figure = combine(untilWarm, 's', perTrial.length);
  return {
    binS: BIN_S,
    points: perTrial.flatMap(burstPoints),
    untilWarmS: warm,
    environments: combine(environments, 'count', perTrial.length),
    finding: `${warm.value?.toFixed(1)} s${warm.low === null ? '' : ` [${warm.low.toFixed(1)}, ${warm.high?.toFixed(1)}]`} after the first request the last cold start was answered`,
  };
}

function burstPoints(requests: readonly SampleRequest[]): Burst['points'] {
  const end = requests.at(-1)?.atS ?? 0;
  return Array.from({ length: Math.ceil(end / BIN_S) }, (_, i) => {
    const from = i * BIN_S;
    const bin = requests.filter((r) => r.atS >= from && r.atS < from + BIN_S);
    const sorted = bin.map((r) => r.totalMs).sort((a, b) => a - b);
    const at = (q: number) => (sorted.length > 0 ? quantile(sorted, q) : null);
    const busy = requests.filter((r) => r.atS < from + BIN_S && r.atS + r.totalMs / 1000 > from);
    return {
      trial: requests[0]?.trial ?? 1,
      atS: from,
      requests: bin.length,
      failures: bin.filter((r) => r.failed).length,
      cold: bin.filter((r) => r.cold).length,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      maxMs: sorted.at(-1) ?? null,
      environmentsStarted: requests.filter((r) => r.cold && r.atS < from + BIN_S).length,
      environmentsBusy: busy.length,
    };
  });
}
