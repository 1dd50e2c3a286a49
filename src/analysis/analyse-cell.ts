import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CellAnalysis, Figure } from '../model/analysis.ts';
import type { Cell, Run } from '../model/run.ts';
import { arrivalRatePerS, type LoadProfile } from '../model/scenario.ts';
import type { Trial } from '../model/trial.ts';
import type { Database } from '../store/tables/database.ts';
import { readCost } from './cost/index.ts';
import { latencyCurves } from './figures/curves.ts';
import type { Detail } from './figures/detail.ts';
import { noFigure, shareFigure, trialsFigure } from './figures/figure.ts';
import { latencyFigures } from './figures/latency.ts';
import { readBackend } from './queries/backends.ts';
import { readBands } from './queries/bands.ts';
import { readBurst } from './queries/burst.ts';
import { keepTrials, openCell } from './queries/cell-tables.ts';
import { readColdStarts } from './queries/cold-starts.ts';
import { readCounts } from './queries/counts.ts';
import { holdLatencies } from './queries/latencies.ts';
import { byOperation } from './queries/operations.ts';
import { readPerTrial } from './queries/per-trial.ts';
import { readExplained, readMemory } from './queries/resources.ts';
import { readTails } from './queries/tails.ts';
import { readTimeline } from './queries/timeline.ts';
import { readTrialTables } from './queries/trial-evidence.ts';
import { readWaterfalls } from './queries/waterfalls.ts';
import { judgeCell } from './validity/cell-validity.ts';
import type { CellFacts, TrialTables } from './validity/evidence.ts';
import { brokeOff, type LostTrial } from './validity/trial-checks.ts';

export interface TrialOnDisk {
  trial: Trial;
  folder: string;
}

/** What a cell is analysed with. */
export interface CellJob {
  run: Run;
  cell: Cell;
  onDisk: readonly TrialOnDisk[];
  /** Trials of the cell that cannot be read, with the reason. */
  damaged: readonly LostTrial[];
  detail: Detail;
}

const STATUS = { failed: 'failed', interrupted: 'was interrupted' } as const;

/**
 * Every figure of one cell. Trials that did not finish are left out unless there are no others; then
 * the cell is void. A trial that was not merged has no figures. Of those that finished, the ones that
 * this host or the tool spoiled are left out of all but counts: see validity/cell-validity.ts.
 */
export async function analyseCell(database: Database, job: CellJob): Promise<CellAnalysis> {
  const { run, cell, onDisk, detail } = job;
  const merged = onDisk.filter(({ folder }) => existsSync(join(folder, 'requests.parquet')));
  const finished = merged.filter(({ trial }) => trial.status === 'finished');
  const measured = finished.length > 0 ? finished : merged;
  const filesOf = (some: readonly TrialOnDisk[]) =>
    some.map(({ trial, folder }) => ({ trial: trial.trial, folder }));
  await openCell(database, filesOf(measured), { sampled: run.plan.traceShare < 1 });
  const tables = await readTrialTables(
    database,
    measured.map(({ trial }) => trial.trial),
    cell.profile,
  );
  const counts = await readCounts(database);
  const { validity, used } = judgeCell({
    cell: cellFacts(run, cell),
    measured: measured.map(({ trial }) => ({
      trial,
      tables: tables.get(trial.trial) as TrialTables,
    })),
    lost: [...lostTrials(onDisk, measured), ...job.damaged],
    unfinished: measured.length > 0 && finished.length === 0,
  });
  const kept = measured.filter(({ trial }) => used.includes(trial.trial));
  if (kept.length < measured.length) await keepTrials(database, filesOf(kept));
  const records = kept.map(({ trial }) => trial);
  const numbers = records.map(({ trial }) => trial);
  const hold = await holdLatencies(database, numbers);
  const backend = await readBackend(database, numbers);
  const droppedIterations = measured.reduce(
    (sum, { trial }) => sum + (trial.engine?.droppedIterations ?? 0),
    0,
  );
  const rates = numbers.flatMap((trial) => {
    const ratePerS = tables.get(trial)?.ratePerS ?? null;
    return ratePerS === null ? [] : [{ trial, ratePerS }];
  });
  const { cost, perTrialUsd } = await readCost(database, numbers, cell, {
    region: run.plan.region,
    architecture: run.plan.architecture,
    ratePerS: new Map(rates.map(({ trial, ratePerS }) => [trial, ratePerS])),
  });
  const holdRequests = numbers.reduce((sum, trial) => sum + (counts.hold.get(trial) ?? 0), 0);
  return {
    cell,
    trials: kept.length,
    requests: counts.requests,
    holdRequests,
    outcomes: counts.outcomes,
    droppedIterations,
    rateReached: rateFigure(
      rates.map(({ ratePerS }) => ratePerS),
      holdRequests,
      cell.profile,
    ),
    rateAskedPerS: arrivalRatePerS(cell.profile),
    failureShare: shareFigure(
      counts.failed + droppedIterations,
      counts.requests + droppedIterations,
      measured.length,
      'no request was sent',
    ),
    failures: withDropped(counts.failures, droppedIterations),
    latency: latencyFigures(hold),
    curves: latencyCurves(hold, detail.curvePoints),
    byOperation: await byOperation(database, numbers),
    backend: backend.figures,
    perTrial: await readPerTrial(database, {
      records,
      hold,
      backend: backend.medians,
      costUsd: perTrialUsd,
    }),
    bands: await readBands(database),
    timeline: await readTimeline(database, detail.timelineBins),
    coldStarts: await readColdStarts(database, numbers, cell.profile),
    burst: await readBurst(database, numbers, cell.profile),
    tails: await readTails(database, numbers),
    cost,
    waterfalls: await readWaterfalls(database, filesOf(kept)),
    memory: await readMemory(database, numbers.length),
    validity,
    explained: await readExplained(database),
  };
}

function cellFacts(run: Run, { endpoint, profile }: Cell): CellFacts {
  const { cores, cpuMode } = run.fingerprint;
  const sizes = new Set(run.plan.cells.map((other) => other.endpoint.memoryMb));
  const rateAskedPerS = arrivalRatePerS(profile);
  return { endpoint, profile, rateAskedPerS, cores, cpuMode, severalMemorySizes: sizes.size > 1 };
}

function lostTrials(onDisk: readonly TrialOnDisk[], measured: readonly TrialOnDisk[]): LostTrial[] {
  return onDisk
    .filter((one) => !measured.includes(one))
    .map(({ trial }) => ({
      trial: trial.trial,
      reason:
        brokeOff(trial)[0] ??
        (trial.status === 'finished' ? 'it was not merged' : `it ${STATUS[trial.status]}`),
    }));
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
function rateFigure(ratesPerS: readonly number[], n: number, profile: LoadProfile): Figure {
  if (profile.kind === 'cold') return noFigure('per_s', 'requests were sent one at a time');
  if (ratesPerS.length === 0) return noFigure('per_s', 'no request was sent');
  return trialsFigure(ratesPerS, 'per_s', n, 'arithmetic');
}
