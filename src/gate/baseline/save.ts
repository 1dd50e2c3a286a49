import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import type { Analysis, CellAnalysis, PerTrial } from '../../model/analysis.ts';
import { bundleKey } from '../../model/endpoint.ts';
import { type Baseline, GATE_METRICS, type GateMetric } from '../../model/gate.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import { withoutRevision } from '../../model/sides.ts';
import { countedOf, shareOf, valueInTrial } from '../metrics.ts';
import { countedTrials } from '../sides.ts';
import { conditionsOf } from './conditions.ts';

/** Of fewer trials their spread says next to nothing of how far another one may lie. */
export const LEAST_TRIALS = 3;

/**
 * What is kept of a finished run for later heads to be compared with: of each cell with at least three
 * trials that count, those trials; of a gate its head. Throws UsageError where there is no such cell.
 *
 * @param loads what the trials of each cell asked, by its id in the run
 * @param commit of the working folder; a gate knows its head's own
 */
export function baselineOf(
  analysis: Analysis,
  loads: ReadonlyMap<string, LoadFacts>,
  commit: string | null,
): Baseline {
  const { run } = analysis;
  if (run.status !== 'finished') {
    const state = { running: 'goes on', failed: 'failed', interrupted: 'was interrupted' };
    throw new UsageError(`the run ${run.runId} ${state[run.status]}: save a finished one`);
  }
  const cells = headCells(analysis).filter((cell) => countedTrials(cell).length >= LEAST_TRIALS);
  if (cells.length === 0) throw new UsageError(tooFew(analysis));
  const asked = conditionsOf({
    plan: { ...run.plan, cells: cells.map(({ cell }) => cell) },
    fingerprint: run.fingerprint,
    loads,
  });
  return {
    version: 1,
    tool: run.fingerprint.tool,
    createdAt: run.createdAt,
    runId: run.runId,
    commit: run.plan.gate?.head.commit ?? commit,
    conditions: asked.conditions,
    cells: asked.cells.map((conditions, i) => {
      const cell = cells[i] as CellAnalysis;
      return { ...conditions, ...codeOf(cell, analysis), trials: countedTrials(cell).map(kept) };
    }),
  };
}

/** Cells that have too few trials for a baseline, without the revision. */
export function leftOutOf(analysis: Analysis): { cellId: string; trials: number }[] {
  return headCells(analysis)
    .map((cell) => ({
      cellId: withoutRevision(cell.cell.id),
      trials: countedTrials(cell).length,
    }))
    .filter(({ trials }) => trials < LEAST_TRIALS);
}

function headCells({ cells }: Analysis): CellAnalysis[] {
  return cells.filter(({ cell }) => cell.endpoint.revision !== 'base');
}

function tooFew(analysis: Analysis): string {
  const counts = headCells(analysis).map((cell) => {
    const spoiled = cell.validity.trials.filter((trial) => trial.spoiled).length;
    const others = spoiled === 0 ? '' : ` (this host or the tool spoiled ${spoiled})`;
    return `${withoutRevision(cell.cell.id)} has ${countedTrials(cell).length}${others}`;
  });
  return `a baseline needs ${LEAST_TRIALS} trials of a cell that count, and in the run ${analysis.run.runId} ${listed(counts) || 'there is no cell'}: measure again with more --rounds`;
}

function codeOf({ cell, byOperation }: CellAnalysis, { run }: Analysis) {
  const key = bundleKey(cell.endpoint);
  const calls = byOperation.flatMap(({ operation, medianBackendCalls }) =>
    medianBackendCalls === null ? [] : [[operation, medianBackendCalls] as const],
  );
  return {
    bundleBytes: run.bundles.find((bundle) => bundleKey(bundle) === key)?.bytes ?? null,
    backendCalls: Object.fromEntries(calls),
  };
}

function kept(trial: PerTrial): Baseline['cells'][number]['trials'][number] {
  const { requests, failures, knownRequests, coldRequests } = trial;
  const values = GATE_METRICS.flatMap((metric) => {
    const value = figureOf(trial, metric);
    return value === null ? [] : [[metric, value] as const];
  });
  return { values: Object.fromEntries(values), requests, failures, knownRequests, coldRequests };
}

/** null where it has none, and of what is the cell's and not a trial's. */
function figureOf(trial: PerTrial, metric: GateMetric): number | null {
  switch (metric) {
    case 'bundleSize':
    case 'backendCalls':
      return null;
    case 'errorRate':
    case 'coldShare': {
      const counted = countedOf(trial, metric);
      return counted === null ? null : shareOf(counted);
    }
    default:
      return valueInTrial(trial, metric);
  }
}
