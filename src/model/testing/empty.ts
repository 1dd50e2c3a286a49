import type { PerTrial } from '../analysis.ts';
import type { ColdStarts } from '../cold-starts.ts';
import type { CellCost, PricesUsed } from '../cost.ts';
import type { Figure } from '../figure.ts';

/** Parts of an analysis in which nothing was found, for tests to fill in what they look at. */

export function noFigure(unit: Figure['unit'] = 'ms', note = 'nothing was measured'): Figure {
  return { value: null, unit, low: null, high: null, interval: 'none', n: 0, trials: 1, note };
}

export function noColdStarts(own: Partial<ColdStarts> = {}): ColdStarts {
  return {
    forced: false,
    share: noFigure('share'),
    requests: 0,
    environments: 1,
    medianInitMs: noFigure(),
    firstCallMs: noFigure(),
    warmCallMs: noFigure(),
    connectionMs: noFigure(),
    medianTotalMs: noFigure(),
    penaltyMs: noFigure(),
    billedInitMs: noFigure(),
    prewarmed: { requests: 0, medianInitMs: noFigure(), medianTotalMs: noFigure() },
    disagreements: 0,
    samples: [],
    ...own,
  };
}

export function noCost(): CellCost {
  return { total: noFigure('usd'), items: [], lacking: [] };
}

export function noPrices(): PricesUsed {
  return { region: 'us-east-1', asOf: '2026-11-20', sources: [], assumptions: [] };
}

export function aTrial(trial: number, own: Partial<PerTrial> = {}): PerTrial {
  return {
    trial,
    requests: 0,
    failures: 0,
    knownRequests: 0,
    coldRequests: 0,
    holdRequests: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    backendMs: null,
    handlerMs: null,
    initMs: null,
    loadMs: null,
    firstCallMs: null,
    connectionMs: null,
    cpuMs: null,
    costUsd: null,
    partsAt: { p50: null, p95: null, p99: null },
    ...own,
  };
}
