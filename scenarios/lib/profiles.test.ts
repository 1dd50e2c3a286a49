import type { RampingArrivalRateScenario } from 'k6/options';
import { expect, it } from 'vitest';
import type { Profile } from './plan.ts';
import { optionsFor, type Phase, phaseAt } from './profiles.ts';

function openScenario(profile: Profile, maxVus = 10_000): RampingArrivalRateScenario {
  const scenario = optionsFor(profile, maxVus, 10).scenarios?.[profile.kind];
  if (scenario?.executor !== 'ramping-arrival-rate') throw new Error('not an open model');
  return scenario;
}

/** Whole arrivals in the area under k6's rate, which is what it starts. */
function arrivals(scenario: RampingArrivalRateScenario): number {
  const unitS = Number.parseInt(scenario.timeUnit as string, 10) / 1e6;
  let rate = (scenario.startRate ?? 0) / unitS;
  let area = 0;
  for (const stage of scenario.stages) {
    const target = (stage.target as number) / unitS;
    area += ((rate + target) / 2) * (Number.parseInt(stage.duration as string, 10) / 1e6);
    rate = target;
  }
  return Math.floor(area);
}

it.each<[Profile, number]>([
  [{ kind: 'ramp', ratePerS: 50, warmUpS: 10, rampS: 10, holdS: 30 }, 50 + 275 + 1500],
  [{ kind: 'ramp', ratePerS: 50, warmUpS: 0, rampS: 10, holdS: 30 }, 250 + 1500],
  [{ kind: 'ramp', ratePerS: 50, warmUpS: 0, rampS: 0, holdS: 30 }, 1500],
  [{ kind: 'ramp', ratePerS: 2, warmUpS: 5, rampS: 5, holdS: 5 }, 30],
  [{ kind: 'ramp', ratePerS: 0.25, warmUpS: 0, rampS: 0, holdS: 40 }, 10],
  [{ kind: 'users', users: 1000, overS: 60 }, 1000],
  [{ kind: 'users', users: 1, overS: 3600 }, 1],
  [{ kind: 'users', users: 7, overS: 0.3 }, 7],
  [{ kind: 'burst', ratePerS: 50, holdS: 20 }, 1000],
  [{ kind: 'burst', ratePerS: 16, holdS: 0.5 }, 8],
])('starts %o as often as its schedule says', (profile, expected) => {
  expect(arrivals(openScenario(profile))).toBe(expected);
});

it('makes virtual users beforehand, and never more than allowed', () => {
  const profile: Profile = { kind: 'ramp', ratePerS: 50, warmUpS: 1, rampS: 1, holdS: 1 };
  expect(openScenario(profile).preAllocatedVUs).toBe(110);
  expect(openScenario(profile, 30)).toMatchObject({ preAllocatedVUs: 30, maxVUs: 30 });
  const users: Profile = { kind: 'users', users: 3, overS: 1 };
  expect(openScenario(users)).toMatchObject({ preAllocatedVUs: 3, maxVUs: 3 });
  // Answers may take 10 s, and the burst lasts 20.
  const burst: Profile = { kind: 'burst', ratePerS: 8, holdS: 20 };
  expect(openScenario(burst)).toMatchObject({ preAllocatedVUs: 90, maxVUs: 90 });
  expect(openScenario({ ...burst, holdS: 2 })).toMatchObject({ preAllocatedVUs: 26, maxVUs: 26 });
  expect(openScenario(burst, 30)).toMatchObject({ preAllocatedVUs: 30, maxVUs: 30 });
});

it('gives every user of the study and every request of a burst a connection, and nobody else', () => {
  const users = optionsFor({ kind: 'users', users: 3, overS: 1 }, 10, 10);
  const ramp = optionsFor({ kind: 'ramp', ratePerS: 1, warmUpS: 0, rampS: 0, holdS: 1 }, 10, 10);
  const burst = optionsFor({ kind: 'burst', ratePerS: 1, holdS: 1 }, 10, 10);
  const kept = [users, burst, ramp].map((options) => options.noVUConnectionReuse);
  expect(kept).toEqual([true, true, false]);
});

it('drives forced cold starts one after the other, and gives each the time it may take', () => {
  const cold: Profile = { kind: 'cold', coldStarts: 20, warmRequests: 5 };
  expect(optionsFor(cold, 500, 10).scenarios?.cold).toMatchObject({
    executor: 'shared-iterations',
    vus: 1,
    iterations: 20,
    maxDuration: `${20 * (180 + 6 * 10) * 1e6}us`,
  });
});

it('knows the phase of an instant', () => {
  const profile: Profile = { kind: 'ramp', ratePerS: 1, warmUpS: 1, rampS: 2, holdS: 3 };
  const phases = [0, 999, 1000, 2999, 3000, 9000].map((ms) => phaseAt(profile, ms));
  expect(phases).toEqual<Phase[]>(['warm_up', 'warm_up', 'ramp', 'ramp', 'hold', 'hold']);
  expect(phaseAt({ kind: 'users', users: 1, overS: 1 }, 0)).toBe('hold');
});
