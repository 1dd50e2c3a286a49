import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../model/run.ts';
import type { Phase } from '../../model/scenario.ts';
import { TABLES, type TableName } from '../../model/tables.ts';
import type { Trial } from '../../model/trial.ts';
import { Database, literal } from '../../store/tables/database.ts';

type Row = Record<string, string | number | boolean | null>;
export type Rows = Partial<Record<TableName, Row[]>>;

/** Writes Parquet files with these rows; columns that are left out are null. */
export async function writeTrialFiles(folder: string, tables: Rows): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  const json = join(folder, 'rows.ndjson');
  try {
    for (const [name, rows] of Object.entries(tables) as [TableName, Row[]][]) {
      writeFileSync(json, rows.map((row) => JSON.stringify(row)).join('\n'));
      const columns = Object.entries(TABLES[name])
        .map(([column, type]) => `${column}: '${type}'`)
        .join(', ');
      await database.run(
        `copy (select * from read_json(${literal(json)}, format = 'newline_delimited',
           columns = {${columns}}))
         to ${literal(join(folder, `${name}.parquet`))} (format parquet)`,
      );
    }
  } finally {
    database.close();
    rmSync(json, { force: true });
  }
}

/** A request with its breakdown: everything that is not given is handler time. */
export interface MadeRequest {
  totalMs: number;
  phase?: Phase;
  /** Seconds after the first request; by default the load is even. */
  atS?: number;
  outcome?: string;
  error?: string;
  operation?: string;
  cold?: boolean;
  /** First in its environment, whose init of `initMs` was over before the request came. */
  prewarmed?: boolean;
  initMs?: number;
  backendMs?: number;
  backendCalls?: number;
  /** Without a trace or REPORT line. */
  bare?: boolean;
  /** With a REPORT line and no trace: its calls are the handler's. */
  untraced?: boolean;
}

const isFirst = ({ cold, prewarmed }: MadeRequest) => (cold ?? false) || (prewarmed ?? false);

const BEGAN_US = 1_790_000_000_000_000;

export function tablesOf(requests: readonly MadeRequest[], ratePerS = 10): Rows {
  const made = requests.map((request, index) => {
    const totalUs = Math.round(request.totalMs * 1000);
    const common = {
      trace_id: `1-6ab13b80-${index.toString(16).padStart(24, '0')}`,
      request_id: `r${index}`,
      join_key: index,
      phase: request.phase ?? 'hold',
      operation: request.operation ?? 'Tweet',
      outcome: request.outcome ?? 'ok',
      started_us: BEGAN_US + Math.round((request.atS ?? index / ratePerS) * 1e6),
      total_us: totalUs,
    };
    return { request, index, totalUs, common };
  });
  return {
    requests: made.map(({ request, totalUs, common }) => ({
      ...common,
      status: request.outcome === 'network_error' ? 0 : 200,
      error: request.error ?? null,
      blocked_us: 0,
      sending_us: 0,
      waiting_us: totalUs,
      receiving_us: 0,
    })),
    breakdown: made
      .filter(({ request }) => request.bare !== true)
      .map(({ request, totalUs, common }) => {
        const initUs = request.prewarmed ? 0 : (request.initMs ?? 0) * 1000;
        const backendUs = request.untraced ? 0 : (request.backendMs ?? 0) * 1000;
        return {
          ...common,
          cold: request.cold ?? false,
          first_in_environment: isFirst(request),
          client_us: 0,
          network_us: null,
          front_us: 0,
          placement_us: 0,
          init_us: initUs,
          backend_us: backendUs,
          handler_us: totalUs - initUs - backendUs,
          overhead_us: 0,
          unexplained_us: 0,
          backend_calls: request.untraced ? null : (request.backendCalls ?? 1),
          source: request.untraced ? 'report' : 'trace',
        };
      }),
    invocations: made
      .filter(({ request }) => request.bare !== true)
      .map(({ request, index, totalUs, common }) => ({
        request_id: common.request_id,
        trace_id: common.trace_id,
        environment: isFirst(request) ? `cold${index}` : 'warm',
        reported_us: common.started_us + totalUs,
        first_in_environment: isFirst(request),
        cold: request.cold ?? false,
        prewarmed: request.prewarmed ?? false,
        init_us: isFirst(request) ? (request.initMs ?? 0) * 1000 : null,
        duration_us: totalUs - (request.prewarmed ? 0 : (request.initMs ?? 0) * 1000),
        billed_us: Math.ceil(request.totalMs) * 1000,
        memory_mb: 1024,
        max_memory_mb: 100,
        status: 'success',
      })),
    spans: made
      .filter(({ request }) => request.bare !== true)
      .flatMap(({ request, totalUs, common }) => {
        const service = {
          trace_id: common.trace_id,
          span_id: 's',
          parent_id: null,
          role: 'service',
          name: 'f',
          started_us: common.started_us,
          ended_us: common.started_us + totalUs,
          error: false,
          fault: false,
          throttle: false,
          inferred: false,
        };
        if (!isFirst(request)) return [service];
        const initUs = (request.initMs ?? 0) * 1000;
        const startedUs = common.started_us - (request.prewarmed ? initUs : 0);
        const init = { span_id: 'i', parent_id: 's', role: 'init', name: 'Initialization' };
        return [
          service,
          { ...service, ...init, started_us: startedUs, ended_us: startedUs + initUs },
        ];
      }),
  };
}

export function cellOf(memoryMb: number): Run['plan']['cells'][number] {
  return {
    id: `dynamo-${memoryMb}-function-url-apollo-x1-ramp`,
    endpoint: {
      backend: 'dynamo',
      variant: null,
      dataLayer: null,
      batching: false,
      memoryMb,
      front: 'function-url',
      server: 'apollo',
      dataset: 'x1',
      runtime: 'nodejs24.x',
      timeoutS: 30,
      provisionedConcurrency: 0,
      reservedConcurrency: null,
      responseStreaming: false,
      revision: null,
    },
    profile: { kind: 'ramp', ratePerS: 10, warmUpS: 0, rampS: 0, holdS: 40 },
  };
}

export function runOf(cells: Run['plan']['cells']): Run {
  return {
    version: 1,
    runId: '20261120-191500-x7f2',
    createdAt: '2026-11-20T19:15:00Z',
    status: 'finished',
    plan: {
      target: 'local',
      cells,
      rounds: 1,
      seed: 1,
      operations: [],
      variants: [],
      slo: null,
      region: 'us-east-1',
      traceShare: 1,
      architecture: null,
      initProbes: 0,
      gate: null,
    },
    fingerprint: {
      os: 'linux',
      arch: 'x64',
      cpuModel: 'x',
      cores: 2,
      memoryMb: 8000,
      cpuMode: 'quota',
      node: '24',
      k6: '2.2.0',
      k6Origin: 'cache',
      tool: '0.1.0',
    },
    bundles: [],
    telemetry: [],
    hostInitsPerS: null,
    gate: null,
    warnings: [],
  };
}

/** The record of a trial in which all went well. */
export function trialOf(cellId: string, trial: number, requests: number): Trial {
  return {
    version: 1,
    cellId,
    trial,
    status: 'finished',
    window: { startedUs: BEGAN_US, endedUs: BEGAN_US + 40e6 },
    inits: [],
    engine: {
      name: 'k6',
      version: '2.2.0',
      exitCode: 0,
      startedUs: BEGAN_US,
      endedUs: BEGAN_US + 40e6,
      iterations: requests,
      droppedIterations: 0,
      scheduledIterations: requests,
      cpuUs: 4e6,
      vusMax: 20,
    },
    host: {
      cpuMode: 'quota',
      cores: 2,
      elapsedUs: 40e6,
      environmentsStarted: 1,
      environmentsPeak: 1,
      environmentsLost: 0,
      environmentCpuUs: 1e6,
      initCpuUs: 0,
      provisionedReady: 0,
      throttledUs: 0,
      hostWaitUs: 0,
      initQueueMaxUs: 0,
      initQueueUs: 0,
      initsSkipped: 0,
      hostRefusals: 0,
      throttles: 0,
      emulatorCpuUs: 1e6,
      databaseCpuUs: 1e6,
      lostDatagrams: 0,
    },
    collections: [
      { collector: 'xray', expected: requests, found: requests, ended: 'complete', tookMs: 10 },
    ],
    merge: {
      requests,
      reached: requests,
      withTrace: requests,
      withReport: requests,
      withBoth: requests,
      invocations: requests,
      spans: requests,
      damaged: 0,
      negativeParts: 0,
      disagreements: 0,
      lostSamples: 0,
    },
    warnings: [],
  };
}
