import type { Analysis, CellAnalysis, PerTrial } from '../../model/analysis.ts';
import { serverOf } from '../../model/endpoint.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import type { Cell, Run } from '../../model/run.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { aTrial, noPrices } from '../../model/testing/empty.ts';

/** A finished run as baselines are made of it and compared with: two operations, a ramp. */

export function aCell(memoryMb: number, own: Partial<Cell> = {}): Cell {
  const endpoint = anEndpoint({ memoryMb, ...own.endpoint });
  const sides = endpoint.revision === null ? '' : `-${endpoint.revision}`;
  return {
    id: `dynamo-${memoryMb}${sides}`,
    profile: { kind: 'ramp', ratePerS: 20, warmUpS: 1, rampS: 2, holdS: 10 },
    ...own,
    endpoint,
  };
}

export function aRun(cells: Cell[]): Run {
  return {
    version: 1,
    runId: '20261120-191500-x7f2',
    createdAt: '2026-11-20T19:15:00Z',
    status: 'finished',
    plan: {
      ...{
        target: 'local',
        cells,
        rounds: 3,
        seed: 1,
        variants: [],
        slo: null,
        traceShare: 1,
        architecture: null,
      },
      operations: [
        { name: 'User', weight: 3 },
        { name: 'Tweets', weight: 1 },
      ],
      ...{ region: 'us-east-1', initProbes: 0, gate: null },
    },
    fingerprint: {
      ...{ os: 'linux 6.8', arch: 'x64', cpuModel: 'EPYC', cores: 2, memoryMb: 8000 },
      ...{ cpuMode: 'quota', node: '24.1.0', k6: '2.2.0', k6Origin: 'PATH', tool: '0.1.0' },
    },
    telemetry: [],
    bundles: cells.map(({ endpoint }) => ({
      ...{
        backend: endpoint.backend,
        dataLayer: null,
        server: serverOf(endpoint),
        batching: false,
      },
      ...{ revision: endpoint.revision, bytes: endpoint.revision === 'base' ? 1 : 1_000 },
      ...{ gzipBytes: null, load: null, init: null, sha256: 'ab' },
    })),
    hostInitsPerS: null,
    gate: null,
    warnings: [],
  };
}

export function aLoad(): LoadFacts {
  return {
    requestTimeoutS: 10,
    operations: [
      { name: 'User', query: 'query User { a }', weight: 3, rows: 5, rowsSha256: 'a'.repeat(64) },
      { name: 'Tweets', query: '{ b }', weight: 1, rows: 6, rowsSha256: 'b'.repeat(64) },
    ],
  };
}

export const loadsOf = (cells: readonly Cell[]) => new Map(cells.map(({ id }) => [id, aLoad()]));

/** One p50 a trial; `spoiled` are numbers of trials, which have figures all the same. */
export function measured(
  cell: Cell,
  p50Ms: readonly number[],
  own: { spoiled?: number[]; trial?: Partial<PerTrial> } = {},
): CellAnalysis {
  const usual = {
    ...{ requests: 200, failures: 1, knownRequests: 200, coldRequests: 4 },
    ...{ holdRequests: 100, p99Ms: 90 },
  };
  const perTrial = p50Ms.map((ms, i) => aTrial(i + 1, { ...usual, p50Ms: ms, ...own.trial }));
  const found: Partial<CellAnalysis> = {
    cell,
    perTrial,
    byOperation: [calls('User', 2), calls('Tweets', null)],
    validity: {
      ...{ state: 'sound', checks: [] },
      trials: perTrial.map(({ trial }) => {
        const spoiled = own.spoiled?.includes(trial) === true;
        const state = spoiled ? ('void' as const) : ('sound' as const);
        return { trial, state, used: true, spoiled, reasons: [] };
      }),
    },
  };
  // Nothing else of a cell is looked at.
  return found as CellAnalysis;
}

function calls(operation: string, medianBackendCalls: number | null) {
  return { operation, medianBackendCalls } as CellAnalysis['byOperation'][number];
}

export function anAnalysis(run: Run, cells: CellAnalysis[]): Analysis {
  const nothing = { headline: [], comparisons: [], causes: [], memoryScaling: [], warnings: [] };
  return { version: 1, run, cells, prices: noPrices(), gate: null, ...nothing };
}
