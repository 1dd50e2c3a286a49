import type { Architecture } from '../../../model/endpoint.ts';
import type { Cell, Plan } from '../../../model/run.ts';
import type { Database } from '../../../store/tables/database.ts';
import { onDisk } from '../../queries/cell-tables.ts';
import { exactly } from './bounds.ts';
import { usdOf } from './priced.ts';
import { runPrices } from './prices.ts';
import {
  ANSWER_HEADERS_BYTES,
  type KnownOf,
  LOG_BYTES,
  PROVISIONED_WAIT_S,
  provisionedGbSOf,
  READS_A_TRACE,
  TRACE_BYTES,
  trialQuantities,
} from './trial.ts';

/** What a trial that ended came to. */
export interface TrialSpent {
  usd: number;
  requests: number;
}

interface Counted {
  requests: number;
  bytes: number;
  reports: number;
  gbS: number;
  traces: number;
  calls: number;
}

/**
 * What a trial on disk cost, by its own requests and REPORT lines; of what those do not tell, what is
 * at most likely. Requests whose REPORT line is not there (yet) are billed as the mean of the others.
 */
export async function spentOnTrial(
  database: Database,
  trial: { folder: string; cell: Cell; loadS: number },
  plan: Plan,
  context: { region: string; architecture: Architecture; known: KnownOf },
): Promise<TrialSpent> {
  const { cell, folder } = trial;
  const { known } = context;
  const { endpoint } = cell;
  const counted = await count(database, folder, cell);
  const foreseen = trialQuantities(cell, plan, known);
  const { requests, reports } = counted;
  const unreported = Math.max(0, requests - reports);
  const foreseenGbS = foreseen.gbS.high / Math.max(1, foreseen.requests.high);
  const meanGbS = reports > 0 ? counted.gbS / reports : foreseenGbS;
  // The REPORT lines hold billed init with the call; without any, all that was foreseen may be there.
  const initGbS = reports > 0 || requests === 0 ? 0 : foreseen.initGbS.high;
  const traces = Math.max(counted.traces, requests * plan.traceShare);
  const logBytes = known.lambda ? Math.max(requests, reports) * LOG_BYTES.high : 0;
  const used = {
    requests: exactly(Math.max(requests, reports)),
    gbS: exactly(known.lambda ? counted.gbS + unreported * meanGbS : 0),
    initGbS: exactly(initGbS),
    provisionedGbS: exactly(provisionedGbSOf(endpoint, trial.loadS + PROVISIONED_WAIT_S)),
    traces: exactly(traces),
    tracesRead: exactly(traces * READS_A_TRACE.high),
    logBytes: exactly(logBytes),
    metrics: exactly(foreseen.metrics.high),
    readUnits: exactly(endpoint.backend === 'dynamo' ? counted.calls : 0),
    transferBytes: exactly(
      counted.bytes +
        requests * ANSWER_HEADERS_BYTES +
        traces * READS_A_TRACE.high * TRACE_BYTES +
        logBytes,
    ),
  };
  const prices = runPrices(context.region, context.architecture);
  return { usd: usdOf({ cell, known, used }, prices).high, requests };
}

async function count(database: Database, folder: string, { endpoint }: Cell): Promise<Counted> {
  const files = [{ trial: 1, folder }];
  const gb =
    endpoint.memoryMb === null ? 'coalesce(memory_mb, 0) / 1024' : endpoint.memoryMb / 1024;
  // A batched call reads up to ten rows, each half a unit.
  const units = endpoint.batching ? 5 : 1;
  return database.row<Counted & Record<string, number>>(`
    select
      (select count(*) from ${onDisk('requests', files)})::double as requests,
      (select coalesce(sum(response_bytes), 0) from ${onDisk('requests', files)})::double as bytes,
      (select count(*) from ${onDisk('invocations', files)})::double as reports,
      (select coalesce(sum(billed_us / 1e6 * ${gb}), 0)
         from ${onDisk('invocations', files)})::double as "gbS",
      (select count(distinct trace_id) from ${onDisk('spans', files)})::double as traces,
      (select coalesce(sum(backend_calls), 0) * ${units}
         from ${onDisk('breakdown', files)})::double as calls`);
}
