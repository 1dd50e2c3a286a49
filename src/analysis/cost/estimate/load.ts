import type { Bounds } from '../../../model/cost-estimate.ts';
import {
  type LoadProfile,
  profileLengthS,
  requestsPerIteration,
  scheduledIterations,
} from '../../../model/scenario.ts';
import { exactly } from './bounds.ts';

/** Between these an answer comes, for how often users of a closed model can ask. */
export const ANSWER_S: Bounds = { low: 0.005, high: 0.5 };

/**
 * A forced cold start on AWS: the change of the configuration, the seconds until it has reached all
 * of Lambda, and its requests. The local target's half a second is of no use here.
 */
export const COLD_START_S: Bounds = { low: 6, high: 15 };

/** Requests a trial sends. Of a closed model there are bounds only: it waits for answers. */
export function requestsOf(profile: LoadProfile): Bounds {
  const iterations = scheduledIterations(profile);
  if (iterations !== null) return exactly(Math.ceil(iterations * requestsPerIteration(profile)));
  if (profile.kind !== 'closed') throw new Error(`no number of requests of ${profile.kind}`);
  const { vus, thinkTimeS, warmUpS, rampS, holdS } = profile;
  const userS = warmUpS + ((1 + vus) / 2) * rampS + vus * holdS;
  return {
    low: Math.floor(userS / (thinkTimeS + ANSWER_S.high)),
    high: Math.ceil(userS / (thinkTimeS + ANSWER_S.low)),
  };
}

/** Seconds of load of a trial on AWS. */
export function loadSOf(profile: LoadProfile): Bounds {
  if (profile.kind !== 'cold') return exactly(profileLengthS(profile));
  const { low, high } = COLD_START_S;
  return { low: profile.coldStarts * low, high: profile.coldStarts * high };
}

/** Environments a trial may initialise, `busyS` being the longest a request can hold one. */
export function environmentsOf(profile: LoadProfile, busyS: number): Bounds {
  switch (profile.kind) {
    case 'cold':
      return exactly(profile.coldStarts);
    case 'closed':
      return { low: 1, high: profile.vus * SPARE };
    case 'users':
      return { low: 1, high: openEnvironments(profile.users / profile.overS, busyS) };
    case 'burst':
    case 'ramp':
      return { low: 1, high: openEnvironments(profile.ratePerS, busyS) };
  }
}

/** Lambda may start more than there are requests at a time. */
const SPARE = 2;

/** Little's law. */
const openEnvironments = (ratePerS: number, busyS: number) =>
  Math.ceil(ratePerS * busyS * SPARE) + 5;
