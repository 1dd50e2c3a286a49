import type { Options, Scenario } from 'k6/options';
import type { Profile } from './plan.ts';

/** Requests per second of the warm-up phase of a ramp, or less where the hold's rate is lower. */
const WARM_UP_RATE_PER_S = 5;
/** Rates are whole numbers per this many seconds: so a rate has three decimals. */
const RATE_UNIT_S = 1000;
/**
 * Virtual users made before the load begins, in seconds of the full rate: enough while every answer
 * takes 2 s (a cold start). k6 drops an arrival that finds none free. But no more: k6 takes them in
 * turn, so each must come round before a server gives its connection up (Node: 5 s), and each opens
 * its connection anew, which belongs into warm-up and ramp. About 0.3 MB each.
 */
const VUS_FOR_LATENCY_S = 2;
const VUS_AT_LEAST = 10;
/** The longest a renewed function is waited for; src/model/scenario.ts has the same. */
export const RENEW_TIMEOUT_S = 180;

export type Phase = 'warm_up' | 'ramp' | 'hold' | 'warm';

/** Elapsed milliseconds of the scenario to the phase an iteration that starts then belongs to. */
export function phaseAt(profile: Exclude<Profile, { kind: 'cold' }>, elapsedMs: number): Phase {
  if (profile.kind === 'users' || profile.kind === 'burst') return 'hold';
  if (elapsedMs < profile.warmUpS * 1000) return 'warm_up';
  return elapsedMs < (profile.warmUpS + profile.rampS) * 1000 ? 'ramp' : 'hold';
}

/** k6's options for a profile. The scenario has the profile's name. */
export function optionsFor(profile: Profile, maxVus: number, requestTimeoutS: number): Options {
  return {
    scenarios: { [profile.kind]: scenarioOf(profile, maxVus, requestTimeoutS) },
    // Every user of the study comes with a connection of their own, and so does every request of a
    // burst: were connections kept, latency would fall once k6's virtual users come round a second
    // time, and look like a function that has warmed up.
    noVUConnectionReuse: profile.kind === 'users' || profile.kind === 'burst',
    discardResponseBodies: false,
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
    userAgent: 'graphql-lambda-bench',
  };
}

function scenarioOf(profile: Profile, maxVus: number, requestTimeoutS: number): Scenario {
  switch (profile.kind) {
    case 'ramp': {
      const warmUpRate = profile.warmUpS > 0 ? Math.min(WARM_UP_RATE_PER_S, profile.ratePerS) : 0;
      const hold = { target: rate(profile.ratePerS) };
      return {
        ...openModel(profile.ratePerS, maxVus, requestTimeoutS),
        startRate: rate(warmUpRate),
        stages: [
          { target: rate(warmUpRate), duration: seconds(profile.warmUpS) },
          { ...hold, duration: seconds(profile.rampS) },
          { ...hold, duration: seconds(profile.holdS + halfGap(profile.ratePerS)) },
        ],
      };
    }
    case 'users': {
      const { users, overS } = profile;
      return {
        ...openModel(users / overS, Math.min(maxVus, users), requestTimeoutS),
        timeUnit: seconds(overS),
        startRate: users,
        stages: [{ target: users, duration: seconds(overS + halfGap(users / overS)) }],
      };
    }
    case 'closed':
      return {
        executor: 'ramping-vus',
        startVUs: 1,
        stages: [
          { target: 1, duration: seconds(profile.warmUpS) },
          { target: profile.vus, duration: seconds(profile.rampS) },
          { target: profile.vus, duration: seconds(profile.holdS) },
        ],
        gracefulStop: seconds(requestTimeoutS + profile.thinkTimeS + 1),
        gracefulRampDown: seconds(requestTimeoutS + profile.thinkTimeS + 1),
      };
    case 'cold':
      return {
        executor: 'shared-iterations',
        vus: 1,
        iterations: profile.coldStarts,
        // As long as each of its parts may take: those have limits of their own.
        maxDuration: seconds(
          profile.coldStarts * (RENEW_TIMEOUT_S + (1 + profile.warmRequests) * requestTimeoutS),
        ),
        gracefulStop: seconds(requestTimeoutS + 1),
      };
    case 'burst': {
      const { holdS, ratePerS } = profile;
      // Each arrival must find a free virtual user: one that k6 had to make first would come late, and
      // making it takes the CPU of what is measured. A cold start on a host that initialises a few at
      // a time may wait for all before it; so one for every arrival within the longest an answer can
      // take (its timeout, or the whole burst), or as many as are allowed.
      const vus = Math.min(
        maxVus,
        VUS_AT_LEAST + Math.ceil(ratePerS * Math.min(holdS, requestTimeoutS)),
      );
      return {
        ...openModel(ratePerS, vus, requestTimeoutS),
        preAllocatedVUs: vus,
        startRate: rate(ratePerS),
        // k6's constant-arrival-rate does the same, but for no less than a second.
        stages: [{ target: rate(ratePerS), duration: seconds(holdS + halfGap(ratePerS)) }],
      };
    }
  }
}

function openModel(ratePerS: number, maxVus: number, requestTimeoutS: number) {
  return {
    executor: 'ramping-arrival-rate' as const,
    timeUnit: seconds(RATE_UNIT_S),
    preAllocatedVUs: Math.min(maxVus, VUS_AT_LEAST + Math.ceil(ratePerS * VUS_FOR_LATENCY_S)),
    maxVUs: maxVus,
    gracefulStop: seconds(requestTimeoutS + 1),
  };
}

/**
 * Half the time between two arrivals. The last arrival of a schedule falls on its very end, where k6
 * may or may not still start it; a schedule that much longer has it for certain and none more.
 */
function halfGap(ratePerS: number): number {
  return 0.5 / ratePerS;
}

function rate(perS: number): number {
  return Math.round(perS * RATE_UNIT_S);
}

/** In whole microseconds, a form k6 reads whatever the size. */
function seconds(value: number): string {
  return `${Math.round(value * 1e6)}us`;
}
