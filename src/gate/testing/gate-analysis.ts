import { seededRandom } from '../../base/random.ts';
import type { Analysis, CellAnalysis, PerTrial } from '../../model/analysis.ts';
import type { Revision } from '../../model/endpoint.ts';
import type { PartsMs } from '../../model/figure.ts';
import type { GatePlan, GateProgress } from '../../model/gate.ts';
import type { BundleFacts, Cell, Run } from '../../model/run.ts';
import { withRevision } from '../../model/sides.ts';
import { PARTS } from '../../model/tables.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { aTrial, noColdStarts, noCost, noFigure, noPrices } from '../../model/testing/empty.ts';
import { normals } from '../../stats/testing/normal.ts';

/** Without the revision. */
export const CELL_ID = 'dynamo-1024-rest-api-apollo-x1-ramp';

type Side = Revision;

export interface GateCase {
  rounds: number;
  /** Rounds that were looked at. @default the last one */
  looks?: number[];
  ended?: GateProgress['ended'];
  /** Nothing was looked at. */
  unseen?: boolean;
  status?: Run['status'];
  plan?: Partial<GatePlan>;
  seed?: number;
  /** What differs from a usual trial of 400 requests at a p50 of 10 ms. */
  change?(trial: PerTrial, side: Side): void;
  /** Why the host spoiled a trial; null: it did not. */
  spoiled?(round: number, side: Side): string | null;
  /** What makes a trial doubtful. */
  doubts?(round: number, side: Side): string[];
  bundles?: Partial<Record<Side, Partial<BundleFacts>>>;
  /** What differs from a cell without operations, failures or waterfalls. */
  cell?(cell: CellAnalysis, side: Side): void;
}

export const PLAN: GatePlan = {
  mode: 'paired',
  base: { label: 'origin/main', commit: '3f2c1a9', note: null },
  head: { label: 'working tree', commit: null, note: '3 files differ from 3f2c1a9' },
  alpha: 0.05,
  minPairs: 5,
  maxPairs: 30,
  budgetS: null,
  metrics: [
    { metric: 'p50', tolerance: 0.05, guard: false },
    { metric: 'init', tolerance: 0.05, guard: false },
    { metric: 'errorRate', tolerance: 0, guard: true },
  ],
  budgets: [],
  cellIds: [CELL_ID],
  skipSame: false,
  baseline: null,
};

/** The analysis of a gate of one cell: what a round shares varies by 10%, a trial's own share by 2%. */
export function gateAnalysis(asked: GateCase): Analysis {
  const plan = { ...PLAN, ...asked.plan };
  const sides: readonly Side[] = plan.mode === 'paired' ? ['base', 'head'] : ['head'];
  const normal = normals(seededRandom(asked.seed ?? 7));
  const drifts = Array.from({ length: asked.rounds }, () => Math.exp(0.1 * normal()));
  const cells = sides.map((side) => {
    const revision = plan.mode === 'paired' ? side : null;
    const trials = drifts.map((drift, i) => {
      const trial = usualTrial(i + 1, () => drift * Math.exp(0.02 * normal()));
      asked.change?.(trial, side);
      return trial;
    });
    return analysedCell(aCell(revision), side, trials, asked);
  });
  return {
    version: 1,
    run: gateRun(plan, cells, asked),
    ...{ headline: [], comparisons: [], causes: [], memoryScaling: [], warnings: [] },
    cells,
    prices: noPrices(),
    gate: null,
  };
}

export function aCell(revision: Revision | null): Cell {
  return {
    id: withRevision(CELL_ID, revision),
    endpoint: anEndpoint({ revision }),
    profile: { kind: 'closed', vus: 1, thinkTimeS: 0, warmUpS: 1, rampS: 0, holdS: 4 },
  };
}

/** Parts of a request: 60% handler, 30% backend, the rest overhead. */
export function partsOf(totalMs: number): PartsMs {
  const none = Object.fromEntries(PARTS.map((part) => [part, 0])) as PartsMs;
  return { ...none, handler: 0.6 * totalMs, backend: 0.3 * totalMs, overhead: 0.1 * totalMs };
}

function usualTrial(trial: number, noise: () => number): PerTrial {
  const p50Ms = 10 * noise();
  const initMs = 140 * noise();
  const [p95Ms, p99Ms] = [18 * noise(), 30 * noise()];
  return aTrial(trial, {
    ...{ requests: 500, failures: 0, knownRequests: 500, coldRequests: 4, holdRequests: 400 },
    ...{ p50Ms, p95Ms, p99Ms, initMs, loadMs: 0.5 * initMs },
    ...{ handlerMs: 0.6 * p50Ms, backendMs: 0.3 * p50Ms, costUsd: 0.8 * noise() },
    partsAt: { p50: partsOf(p50Ms), p95: partsOf(p95Ms), p99: partsOf(p99Ms) },
  });
}

function analysedCell(
  cell: Cell,
  side: Side,
  trials: PerTrial[],
  { spoiled, doubts, cell: change }: GateCase,
): CellAnalysis {
  const none = noFigure();
  const analysed: CellAnalysis = {
    cell,
    trials: trials.length,
    ...{ requests: 0, holdRequests: 0, droppedIterations: 0, rateAskedPerS: null },
    outcomes: { ok: 0, graphql_error: 0, wrong_answer: 0, http_error: 0, network_error: 0 },
    ...{ rateReached: none, failureShare: none, failures: [], curves: [], byOperation: [] },
    latency: { p50: none, p90: none, p95: none, p99: none, p999: none, max: none },
    backend: { tracedRequests: 0, callsMean: none, callsMedian: none, medianMs: none },
    perTrial: trials,
    ...{ bands: [], timeline: { binS: 1, points: [] }, coldStarts: noColdStarts(), burst: null },
    ...{ tails: [], cost: noCost(), waterfalls: [] },
    memory: { usedMaxMb: none, billedMsMedian: none },
    validity: {
      state: 'sound',
      checks: [],
      trials: trials.map(({ trial }) => {
        const why = spoiled?.(trial, side) ?? null;
        const reasons = why === null ? (doubts?.(trial, side) ?? []) : [why];
        const state = why === null ? (reasons.length > 0 ? 'doubtful' : 'sound') : 'void';
        const startedUs = 20e6 * trial;
        return {
          ...{ trial, state, used: why === null, spoiled: why !== null, reasons },
          window: { startedUs, endedUs: startedUs + 8e6 },
        };
      }),
    },
    explained: { medianUnexplainedMs: none, maxSumErrorMs: 0 },
  };
  change?.(analysed, side);
  return analysed;
}

function gateRun(plan: GatePlan, cells: CellAnalysis[], asked: GateCase): Run {
  const { rounds, looks = [rounds], ended = null, unseen = false } = asked;
  return {
    version: 1,
    runId: '20261121-064500-x7f2',
    createdAt: '2026-11-21T06:45:00.000Z',
    status: asked.status ?? 'finished',
    plan: {
      target: 'local',
      cells: cells.map(({ cell }) => cell),
      ...{
        rounds: plan.maxPairs,
        seed: 42,
        operations: [],
        slo: null,
        region: 'us-east-1',
        traceShare: 1,
        architecture: null,
      },
      ...{ variants: [], initProbes: 3, gate: plan },
    },
    fingerprint: {
      ...{ os: 'linux 6.8', arch: 'x64', cpuModel: 'AMD EPYC 7R13', cores: 2, memoryMb: 24_576 },
      ...{ cpuMode: 'quota', node: '24.21.0', k6: '2.2.0', k6Origin: 'PATH', tool: '0.1.0' },
    },
    telemetry: [],
    bundles: cells.map(({ cell: { endpoint } }) => bundleFacts(endpoint.revision, asked)),
    hostInitsPerS: null,
    gate: unseen ? null : { plannedPairs: plan.maxPairs, looks, ended },
    warnings: [],
  };
}

function bundleFacts(revision: Revision | null, { bundles }: GateCase): BundleFacts {
  const side = revision ?? 'head';
  return {
    ...{ backend: 'dynamo', dataLayer: null, server: 'apollo', batching: false, revision },
    ...{ bytes: 310_000, gzipBytes: 90_000, load: null, init: null, sha256: `of-${side}` },
    ...bundles?.[side],
  };
}
