import type { Target } from '../model/ports.ts';
import type { Run } from '../model/run.ts';
import type { InitSample } from '../model/trial.ts';
import type { LiveCell } from './provision.ts';

/** Initialisations of one side take about so long before a trial, where nobody says how many. */
const SIDE_MS = 2000;
const FEWEST = 5;
const MOST = 31;

/**
 * Where the plan leaves it open: as many initialisations before each trial as the slowest code of the
 * run does in two seconds, 5 to 31. One takes 50 to 300 ms and varies by a tenth whatever its length,
 * so that of a fast one many are needed and can be had. Changes the run's plan.
 */
export function settleInitProbes(run: Run): void {
  if (run.plan.initProbes !== null) return;
  const slowestMs = Math.max(1, ...run.bundles.flatMap(({ init }) => init?.medianMs ?? []));
  const fitting = Math.floor(SIDE_MS / slowestMs);
  run.plan = { ...run.plan, initProbes: Math.min(MOST, Math.max(FEWEST, fitting)) };
}

/**
 * Initialises environments of the cells that are compared, in turns: what disturbs the host for a
 * while disturbs all of them alike. Of each cell `count` samples, by its id.
 */
export async function probeInits(
  cells: readonly LiveCell[],
  count: number,
  target: Target,
  signal: AbortSignal,
): Promise<Map<string, InitSample[]>> {
  const samples = new Map(cells.map(({ cell }) => [cell.id, [] as InitSample[]]));
  for (let turn = 0; turn < count; turn += 1) {
    signal.throwIfAborted();
    const order = turn % 2 === 0 ? cells : cells.toReversed();
    for (const { cell, endpoint } of order) {
      samples.get(cell.id)?.push(...(await target.measureInits(endpoint, 1)));
    }
  }
  return samples;
}
