import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CellAnalysis, Figure } from '../model/analysis.ts';
import type { Cell, Run } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { Trial } from '../model/trial.ts';
import type { Database } from '../store/tables/database.ts';
import { noFigure, shareFigure, trialsFigure } from './figures/figure.ts';
import { latencyCurves, latencyFigures, trialFigures } from './figures/latency.ts';
import { readBackend } from './queries/backends.ts';
import { readBands } from './queries/bands.ts';
import { openCell } from './queries/cell-tables.ts';
import { readColdStarts } from './queries/cold-starts.ts';
import { type Counts, readCounts } from './queries/counts.ts';
import { holdLatencies } from './queries/latencies.ts';
import { byOperation } from './queries/operations.ts';
import { readBusyUs, readExplained, readMemory } from './queries/resources.ts';
import { readTimeline } from './queries/timeline.ts';
import { readWaterfalls } from './queries/waterfalls.ts';
import { cellValidity } from './validity/cell-validity.ts';
import { BROKE_OFF, sumMerge, xrayOf } from './validity/evidence.ts';

export interface TrialOnDisk {
  trial: Trial;
  folder: string;
}

/**
 * Every figure of one cell. Trials that did not finish are left out unless there are no others; then
 * the cell is void. A trial that was not merged has no figures.
 */
export async function analyseCell(
  database: Database,
  run: Run,
  cell: Cell,
  onDisk: readonly TrialOnDisk[],
): Promise<CellAnalysis> {
  const merged = onDisk.filter(({ folder }) => existsSync(join(folder, 'requests.parquet')));
  const finished = merged.filter(({ trial }) => trial.status === 'finished');
  const used = finished.length > 0 ? finished : merged;
  const records = used.map(({ trial }) => trial);
  const numbers = records.map(({ trial }) => trial);
  await openCell(
    database,
    used.map(({ trial, folder }) => ({ trial: trial.trial, folder })),
  );
  const counts = await readCounts(database);
  const hold = await holdLatencies(database, numbers);
  const backend = await readBackend(database, numbers);
  const engines = records.flatMap(({ engine }) => (engine === null ? [] : [engine]));
  const droppedIterations = engines.reduce((sum, engine) => sum + engine.droppedIterations, 0);
  const rateReached = rateFigure(counts, cell.profile);
  const rateAskedPerS = rateAsked(cell.profile);
  const coldStarts = await readColdStarts(database, numbers);
  const hosts = records.flatMap(({ host }) => (host === null ? [] : [host]));
  const failed = counts.failed + droppedIterations;
  const all = counts.requests + droppedIterations;
  const validity = cellValidity({
    requests: counts.requests,
    failed: counts.failed,
    droppedIterations,
    rateReached,
    rateAskedPerS,
    engines,
    hosts,
    merge: sumMerge(records),
    cores: hosts[0]?.cores ?? run.fingerprint.cores,
    cpuMode: hosts.some(({ cpuMode }) => cpuMode === 'none') ? 'none' : run.fingerprint.cpuMode,
    severalMemorySizes: new Set(run.plan.cells.map((c) => c.endpoint.memoryMb)).size > 1,
    ...(await readBusyUs(database)),
    breakdownRows: coldStarts.share.n,
    xray: xrayOf(records),
    unusedTrials: onDisk.length - used.length,
    unfinished: used.length > 0 && finished.length === 0,
    brokeOff: onDisk
      .flatMap(({ trial }) => trial.warnings)
      .filter(({ code }) => BROKE_OFF.includes(code))
      .map(({ message }) => message),
    voiding: records.flatMap(({ warnings }) =>
      warnings.filter(({ severity }) => severity === 'void'),
    ),
  });
  return {
    cell,
    trials: used.length,
    requests: counts.requests,
    holdRequests: counts.holdRequests,
    outcomes: counts.outcomes,
    droppedIterations,
    rateReached,
    rateAskedPerS,
    failureShare: shareFigure(failed, all, used.length, 'no request was sent'),
    failures: withDropped(counts.failures, droppedIterations),
    latency: latencyFigures(hold),
    curves: latencyCurves(hold),
    byOperation: await byOperation(database, numbers),
    backend: backend.figures,
    perTrial: trialFigures(hold, backend.perTrialMs),
    bands: await readBands(database),
    timeline: await readTimeline(database),
    coldStarts,
    burst: null,
    tails: [],
    cost: { total: noFigure('usd', 'not computed yet'), items: [], lacking: [] },
    waterfalls: await readWaterfalls(database),
    memory: await readMemory(database, numbers),
    validity,
    explained: await readExplained(database, numbers),
  };
}

function withDropped(failures: CellAnalysis['failures'], dropped: number) {
  if (dropped === 0) return failures;
  const row = {
    outcome: 'dropped_iteration',
    error: 'no virtual user was free when its time came',
    requests: dropped,
  };
  return [...failures, row].sort((a, b) => b.requests - a.requests).slice(0, 10);
}

/** Answered requests of hold over its length, a trial; the mean over trials. */
function rateFigure({ holdAnswered, holdRequests }: Counts, profile: LoadProfile): Figure {
  if (holdAnswered.length === 0) return noFigure('per_s', 'no request was sent');
  if (profile.kind === 'cold') return noFigure('per_s', 'requests were sent one at a time');
  const holdS = profile.kind === 'users' ? profile.overS : profile.holdS;
  return trialsFigure(
    holdAnswered.map(({ answered }) => answered / holdS),
    'per_s',
    holdRequests,
    'arithmetic',
  );
}

function rateAsked(profile: LoadProfile): number | null {
  switch (profile.kind) {
    case 'ramp':
    case 'burst':
      return profile.ratePerS;
    case 'users':
      return profile.users / profile.overS;
    case 'closed':
    case 'cold':
      return null;
  }
}
