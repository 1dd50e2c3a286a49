import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../../base/errors.ts';
import type { ConfigSettings } from '../../config/settings/choose.ts';
import type { Flags } from '../../config/settings/from-flags.ts';
import { resumeSettings } from '../../config/settings/kept.ts';
import { type Cell, type Plan, planSchema, type Run } from '../../model/run.ts';
import { askedLoads } from '../../pipeline/asked-loads.ts';
import { readAddresses, readLoads } from '../../pipeline/read-analysis.ts';
import { checkLoads } from '../../pipeline/same-conditions.ts';
import type { RunFolder } from '../../store/run-store.ts';
import { type Planned, plannedOf } from './planned.ts';

/**
 * The plan of a run that goes on, with what its record could not keep from flags and configuration.
 * Throws UsageError where they lack something, contradict it, or give another plan than it had.
 */
export async function resumedPlan(
  run: Run,
  folder: RunFolder,
  flags: Flags,
  config: ConfigSettings | null,
): Promise<Planned> {
  if (run.asked === undefined) {
    throw new UsageError(
      `--resume: the run ${run.runId} is of an earlier version of bench, does not say how it was asked for, and cannot go on\n  "bench report ${run.runId}" has what was measured`,
    );
  }
  const { raw, ...given } = resumeSettings(run.asked, flags, config, run.runId);
  // That of the environment may be another now.
  const region = run.plan.target === 'aws' ? { region: run.plan.region } : {};
  const asked = await plannedOf(given.flags, given.config, { raw: { ...region, ...raw } });
  checkPlan(run, asked.plan);
  const loads = await askedLoads(run.plan, asked.backends, asked.options.requestTimeoutS);
  checkLoads(readLoads(folder), loads);
  checkAddresses(run, folder, asked);
  return { ...asked, plan: run.plan };
}

/** What is settled when a run begins is in its plan and in no other. */
function checkPlan({ plan: then, runId }: Run, made: Plan): void {
  const now = planSchema.parse(made);
  const difference = cellDifference(then.cells, now.cells) ?? fieldDifference(then, now);
  if (difference === null) return;
  throw new UsageError(
    `the run ${runId} cannot go on as it was planned: ${difference}\n  bring it back to what it was, or begin a new run`,
  );
}

function cellDifference(then: readonly Cell[], now: readonly Cell[]): string | null {
  for (const cell of then) {
    const same = now.find(({ id }) => id === cell.id);
    if (same === undefined) return `there is no cell ${cell.id} now`;
    const differing = Object.entries(cell.endpoint).find(
      ([key, value]) => !isDeepStrictEqual(value, same.endpoint[key as keyof Cell['endpoint']]),
    );
    if (differing !== undefined) {
      const [key, value] = differing;
      const is = same.endpoint[key as keyof Cell['endpoint']];
      return `${key} of ${cell.id} was ${value ?? 'unknown'} and is ${is ?? 'unknown'}`;
    }
    if (!isDeepStrictEqual(asAsked(cell), asAsked(same)))
      return `the load of ${cell.id} is another`;
  }
  const added = now.find(({ id }) => !then.some((cell) => cell.id === id));
  return added === undefined ? null : `the cell ${added.id} is new`;
}

/** The rate of a burst may have been measured on this host. */
function asAsked({ profile }: Cell): unknown {
  if (profile.kind !== 'burst' || !profile.rateFromHost) return profile;
  return { ...profile, ratePerS: null };
}

const FIELDS = ['target', 'rounds', 'seed', 'operations', 'traceShare', 'architecture'] as const;

function fieldDifference(then: Plan, now: Plan): string | null {
  const field = FIELDS.find((name) => !isDeepStrictEqual(then[name], now[name]));
  if (field === undefined) return null;
  return `${field} was ${JSON.stringify(then[field])} and is ${JSON.stringify(now[field])}`;
}

/** Endpoints of the user's are where they were: another stage is another endpoint. */
function checkAddresses({ plan }: Run, folder: RunFolder, { places, options }: Planned): void {
  if (options.deployed === null) return;
  const before = readAddresses(folder);
  for (const { endpoint } of places ?? []) {
    // That of Lambda's Invoke is made of the function's name.
    if (endpoint.url === null) continue;
    const own = plan.cells.filter((cell) => cell.endpoint.backend === endpoint.name);
    const other = before.find(
      ({ cellId, url }) => url !== endpoint.url && own.some(({ id }) => id === cellId),
    );
    if (other === undefined) continue;
    throw new UsageError(
      `${endpoint.named}: the run measured ${other.url}, and now it is ${endpoint.url}\n  name the same address, or begin a new run`,
    );
  }
}
