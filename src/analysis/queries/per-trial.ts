import type { PerTrial } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { median, quantileSorted } from '../../stats/quantile.ts';
import type { Database } from '../../store/tables/database.ts';
import { leastForQuantile } from '../figures/figure.ts';
import { TRACED, type TrialLatencies } from './latencies.ts';
import { readMedians, type TrialMedians } from './medians.ts';
import { readPartsAt } from './parts-at.ts';
import { readTrialCounts } from './trial-counts.ts';

/** In the scenario `cold` the requests of the hold are cold, and those of \`warm\` tell of later ones. */
const WARM = `phase in ('hold', 'warm') and not first_in_environment and ${TRACED}`;
const FIRST = `first_in_environment and ${TRACED}`;

export interface PerTrialSources {
  records: readonly Trial[];
  hold: readonly TrialLatencies[];
  /** Time in calls to the backend; empty where no call was traced. */
  backend: readonly TrialMedians[];
  costUsd: readonly { trial: number; usd: number }[];
}

/** The figures of each trial that ratios and fits are made of; a quantile that would be the maximum is null. */
export async function readPerTrial(
  database: Database,
  { records, hold, backend, costUsd }: PerTrialSources,
): Promise<PerTrial[]> {
  const parts = await readMedians(database, 'breakdown', {
    handler: { us: 'handler_us', where: WARM },
    firstCall: { us: 'handler_us', where: FIRST },
    backend: { us: 'backend_us', where: WARM },
    firstBackend: { us: 'backend_us', where: FIRST },
    init: { us: 'init_us', where: 'cold' },
  });
  const reports = await readMedians(database, 'invocations', {
    init: { us: 'init_us', where: 'first_in_environment' },
    all: { us: 'duration_us', where: 'true' },
  });
  const counts = await readTrialCounts(database);
  const partsAt = await readPartsAt(database);
  const called = backend.length > 0;
  return records.map((record): PerTrial => {
    const { trial } = record;
    const sortedMs = hold.find((one) => one.trial === trial)?.sortedMs ?? new Float64Array();
    const at = (q: number) =>
      q > 0.5 && sortedMs.length < leastForQuantile(q) ? null : quantileSorted(sortedMs, q);
    const msOf = (medians: readonly TrialMedians[]) =>
      medians.find((one) => one.trial === trial)?.ms ?? null;
    const warmBackend = msOf(parts.backend);
    const firstBackend = msOf(parts.firstBackend);
    const invocations = reports.all.find((one) => one.trial === trial)?.n ?? 0;
    const count = counts.get(trial) ?? { requests: 0, failures: 0, known: 0, cold: 0, hold: 0 };
    const dropped = record.engine?.droppedIterations ?? 0;
    const loads = record.inits.flatMap(({ loadMs }) => loadMs ?? []);
    return {
      trial,
      requests: count.requests + dropped,
      failures: count.failures + dropped,
      knownRequests: count.known,
      coldRequests: count.cold,
      holdRequests: count.hold,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      backendMs: msOf(backend),
      handlerMs: msOf(parts.handler),
      initMs:
        median(record.inits.map(({ initMs }) => initMs)) ?? msOf(parts.init) ?? msOf(reports.init),
      loadMs: median(loads),
      firstCallMs: msOf(parts.firstCall),
      connectionMs:
        called && warmBackend !== null && firstBackend !== null ? firstBackend - warmBackend : null,
      cpuMs: cpuMsOf(record, invocations),
      costUsd: costUsd.find((one) => one.trial === trial)?.usd ?? null,
      partsAt: partsAt.get(trial) ?? { p50: null, p95: null, p99: null },
    };
  });
}

/** Mean CPU time of an invocation; one whose REPORT line was lost has used CPU as well. */
function cpuMsOf({ host, merge }: Trial, invocations: number): number | null {
  const calls = Math.max(invocations, merge?.reached ?? 0);
  if (host === null || host.initCpuUs === null || calls === 0) return null;
  return Math.max(0, host.environmentCpuUs - host.initCpuUs) / calls / 1000;
}
