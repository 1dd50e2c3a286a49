import type { Plan } from '../model/run.ts';
import { profileLengthS } from '../model/scenario.ts';

/** Seconds a trial takes beyond its load: ending environments, telemetry, merge. For expectations only. */
const BESIDES_LOAD_S = 1;
/** One initialisation without a request, and all of a trial where their number is open. */
const INIT_PROBE_S = 0.15;
const INIT_PROBES_S = 2;

export function trialsOf(plan: Plan): number {
  return plan.cells.length * plan.rounds;
}

/** How long all trials take, in seconds; starting and seeding backends and bundling come on top. */
export function expectedS(plan: Plan): number {
  const probesS = plan.initProbes === null ? INIT_PROBES_S : plan.initProbes * INIT_PROBE_S;
  const roundS = plan.cells.reduce(
    (sum, { profile }) => sum + profileLengthS(profile) + BESIDES_LOAD_S + probesS,
    0,
  );
  return roundS * plan.rounds;
}

/** Above either, a run asks first. */
const TRIALS_WITHOUT_ASKING = 100;
const TIME_WITHOUT_ASKING_S = 3600;

export function asksFirst(plan: Plan): boolean {
  return trialsOf(plan) > TRIALS_WITHOUT_ASKING || expectedS(plan) > TIME_WITHOUT_ASKING_S;
}
