import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EstimateContext } from '../analysis/cost/estimate/index.ts';
import { spentOnTrial } from '../analysis/cost/estimate/spent.ts';
import { formatDurationS } from '../base/duration.ts';
import { ToolError } from '../base/errors.ts';
import { dollars } from '../base/numbers.ts';
import type { Caps } from '../config/settings/remote.ts';
import type { CostEstimate } from '../model/cost-estimate.ts';
import type { Cell, Plan } from '../model/run.ts';
import { Database } from '../store/tables/database.ts';
import type { RunGuard } from './types.ts';

export interface GuardJob {
  plan: Plan;
  estimate: CostEstimate;
  context: EstimateContext;
  caps: Caps;
  /** Milliseconds of a clock that never goes back; the run's time is counted from this call on. */
  now?(): number;
}

/** What trials of a cell came to. */
interface OfCell {
  trials: number;
  usd: number;
  requests: number;
}

/**
 * Watches what a run has really cost (its own REPORT lines and requests at list prices), how long its
 * load has lasted and how much it has sent. The run ends with a ToolError after the trial at which a cap is
 * exceeded, or would be by the next one; trials that finished stay.
 */
export function createGuard(job: GuardJob): RunGuard {
  const { plan, estimate, caps } = job;
  const now = job.now ?? (() => performance.now());
  const startedMs = now();
  const cells = new Map<string, OfCell>();
  let lastMs: number | null = null;
  let longestS = 0;
  let loadedS = 0;
  let longestLoadS = 0;
  return {
    async afterTrial({ trial, cell, folder, left }) {
      const atMs = now();
      const loadS = (trial.window.endedUs - trial.window.startedUs) / 1e6;
      // Before the first there was deploying.
      longestS = Math.max(longestS, lastMs === null ? loadS : (atMs - lastMs) / 1000);
      lastMs = atMs;
      loadedS += loadS;
      longestLoadS = Math.max(longestLoadS, loadS);
      add(cells, cell, await spent(job, { folder, cell, loadS }));
      if (left === 0) return;
      const elapsedS = (atMs - startedMs) / 1000;
      const next = dearestNext(plan, estimate, cells);
      const done = sumOf(cells);
      const kept = `the ${done.trials === 1 ? '1 trial that finished is' : `${done.trials} trials that finished are`} kept and ${left} ${left === 1 ? 'was' : 'were'} not run`;
      const spentUsd = done.usd + besidesUsd(job, elapsedS);
      const nextUsd = next.usd + besidesUsd(job, elapsedS + longestS) - besidesUsd(job, elapsedS);
      if (spentUsd + nextUsd > caps.maxCostUsd) {
        throw new ToolError(
          `the run ended at its cost cap: about $${dollars(spentUsd)} of --max-cost $${dollars(caps.maxCostUsd)} ${said(spentUsd > caps.maxCostUsd, `the next trial would cost up to $${dollars(nextUsd)}`)}; ${kept}`,
        );
      }
      if (loadedS + longestLoadS > caps.maxTimeS) {
        throw new ToolError(
          `the run ended at its cap of load: ${formatDurationS(loadedS)} of --max-time ${formatDurationS(caps.maxTimeS)} ${said(loadedS > caps.maxTimeS, `the next trial would take about ${formatDurationS(longestLoadS)}`)}; ${kept}`,
        );
      }
      if (done.requests + next.requests > caps.maxRequests) {
        throw new ToolError(
          `the run ended at its cap of requests: ${done.requests.toLocaleString('en')} of --max-requests ${caps.maxRequests.toLocaleString('en')} ${said(done.requests > caps.maxRequests, `the next trial would send about ${Math.ceil(next.requests).toLocaleString('en')}`)}; ${kept}`,
        );
      }
    },
  };
}

const said = (over: boolean, next: string) => (over ? 'are gone' : `are gone, and ${next}`);

/** What is paid without any trial: deploying, seeding, and the stacks for as long as they stand. */
function besidesUsd({ estimate, context }: GuardJob, elapsedS: number): number {
  const { onceUsd, standingUsdPerHour, besideTrialsS } = estimate;
  const standsS = Math.max(elapsedS + besideTrialsS.high, context.keptS ?? 0);
  return onceUsd.high + (standingUsdPerHour.high * standsS) / 3600;
}

/** Rounds are in random order: of the cells with trials to come the dearest may be next. */
function dearestNext(
  { cells, rounds }: Plan,
  { trialUsd, requests }: CostEstimate,
  found: ReadonlyMap<string, OfCell>,
): { usd: number; requests: number } {
  const next = { usd: 0, requests: 0 };
  for (const { id } of cells) {
    const of = found.get(id);
    if (of !== undefined && of.trials >= rounds) continue;
    const usd = of === undefined ? (trialUsd[id]?.high ?? 0) : of.usd / of.trials;
    const sent =
      of === undefined ? requests.high / (cells.length * rounds) : of.requests / of.trials;
    next.usd = Math.max(next.usd, usd);
    next.requests = Math.max(next.requests, sent);
  }
  return next;
}

async function spent(
  { plan, context }: GuardJob,
  trial: { folder: string; cell: Cell; loadS: number },
) {
  const known = context.known?.(trial.cell) ?? { lambda: trial.cell.endpoint.memoryMb !== null };
  const tempFolder = mkdtempSync(join(tmpdir(), 'bench-guard-'));
  const database = await Database.open({ tempFolder, memoryMb: 256 });
  try {
    return await spentOnTrial(database, trial, plan, { ...context, known });
  } finally {
    database.close();
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

function add(cells: Map<string, OfCell>, { id }: Cell, trial: { usd: number; requests: number }) {
  const before = cells.get(id) ?? { trials: 0, usd: 0, requests: 0 };
  cells.set(id, {
    trials: before.trials + 1,
    usd: before.usd + trial.usd,
    requests: before.requests + trial.requests,
  });
}

function sumOf(cells: ReadonlyMap<string, OfCell>): OfCell {
  const sum = { trials: 0, usd: 0, requests: 0 };
  for (const { trials, usd, requests } of cells.values()) {
    sum.trials += trials;
    sum.usd += usd;
    sum.requests += requests;
  }
  return sum;
}
