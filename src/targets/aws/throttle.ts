import type { DeploymentSpec } from '../../../deploy/stacks/spec.ts';
import { arrivalRatePerS, type LoadProfile } from '../../model/scenario.ts';

type Throttle = DeploymentSpec['throttle'];

/**
 * Of the stages of every deployment that asks for no more, so that a kept one fits the next run: a
 * run-away client costs at most so much.
 */
const USUAL_THROTTLE: Throttle = { ratePerS: 500, burst: 500 };
/** What API Gateway gives an account per region unless it asked for more (10,000/s, bursts of 5,000). */
const ACCOUNT: Throttle = { ratePerS: 10_000, burst: 5_000 };
/** A load is never held back by it. */
const HEADROOM = 2;
/** Of a closed model without think time: an answer takes at least so long. */
const QUICKEST_ANSWER_S = 0.01;

/** What the stages let through: twice the fastest of the loads, and no less than the usual. */
export function throttleOf(profiles: readonly LoadProfile[]): Throttle {
  const ratePerS = Math.max(...profiles.map(peakRatePerS)) * HEADROOM;
  const burst = Math.max(...profiles.map(mostAtOnce)) * HEADROOM;
  return {
    ratePerS: between(USUAL_THROTTLE.ratePerS, Math.ceil(ratePerS), ACCOUNT.ratePerS),
    burst: between(USUAL_THROTTLE.burst, Math.ceil(burst), ACCOUNT.burst),
  };
}

/** Whether stages with the usual throttle hold the load back. */
export function exceedsUsualThrottle(throttle: Throttle): boolean {
  return throttle.ratePerS > USUAL_THROTTLE.ratePerS || throttle.burst > USUAL_THROTTLE.burst;
}

/** Requests a second at the load's highest. */
export function peakRatePerS(profile: LoadProfile): number {
  const arrivals = arrivalRatePerS(profile);
  if (arrivals !== null) return arrivals;
  if (profile.kind !== 'closed') return 1;
  return profile.vus / Math.max(QUICKEST_ANSWER_S, profile.thinkTimeS);
}

function mostAtOnce(profile: LoadProfile): number {
  return profile.kind === 'closed' ? profile.vus : peakRatePerS(profile);
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
