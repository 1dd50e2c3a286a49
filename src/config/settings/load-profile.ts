import { UsageError } from '../../base/errors.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import type { Chosen } from './choose.ts';
import { flagOf, LOAD_KEYS, type LoadKey } from './table.ts';
import { lengthS, oneOf, positiveS, ratePerS, whole } from './values.ts';

/** What each scenario takes of the load settings, and what they are where they are left out. */
export const LOAD_DEFAULTS = {
  ramp: { rate: '50', warmUp: '3s', ramp: '10s', hold: '20s' },
  users: { users: '500', over: '30s' },
  closed: { vus: '10', think: '1s', warmUp: '3s', ramp: '5s', hold: '20s' },
  cold: { coldStarts: '20' },
  burst: { rate: 'what this host can initialise (measured when the run begins)', hold: '20s' },
} as const;
/** Requests that follow a forced cold start, to compare it with. */
const WARM_REQUESTS = 5;
/** The study's burst: for a target that has no limit of its own and where nobody says a rate. */
const BURST_RATE_PER_S = 200;

export type ScenarioKind = keyof typeof LOAD_DEFAULTS;
/** The scenarios to which --max-vus says nothing, and why. */
export const USERS_SAID_BY: Partial<Record<ScenarioKind, string>> = {
  closed: '--vus says how many there are',
  cold: 'its requests go one after the other',
};
export const SCENARIOS = Object.keys(LOAD_DEFAULTS) as ScenarioKind[];

export function scenarioOf(chosen: Chosen): ScenarioKind {
  return oneOf(chosen.raw('scenario') ?? 'ramp', chosen.named('scenario'), SCENARIOS);
}

/** What stands for a setting of the scenario `ramp` that nobody says. */
export type RampDefaults = Record<keyof typeof LOAD_DEFAULTS.ramp, string>;

/** Throws UsageError for a setting of another scenario, and for a value that is none. */
export function loadProfile(
  chosen: Chosen,
  rampDefaults: RampDefaults = LOAD_DEFAULTS.ramp,
): LoadProfile {
  const kind = scenarioOf(chosen);
  const taken: Partial<Record<LoadKey, string>> =
    kind === 'ramp' ? rampDefaults : LOAD_DEFAULTS[kind];
  const lost = LOAD_KEYS.find(
    (key) => taken[key] === undefined && chosen.source(key) !== 'default',
  );
  if (lost !== undefined) {
    const its = LOAD_KEYS.filter((key) => taken[key] !== undefined).map(flagOf);
    const named = chosen.source('scenario') === 'config' ? chosen.named('scenario') : '--scenario';
    throw new UsageError(
      `${chosen.named(lost)} means nothing to ${named} ${kind}: it takes ${its.join(', ')}`,
    );
  }
  const users = USERS_SAID_BY[kind];
  // A configuration may say it for other scenarios.
  if (users !== undefined && chosen.source('maxVus') === 'flag') {
    throw new UsageError(`${chosen.named('maxVus')} means nothing to --scenario ${kind}: ${users}`);
  }
  const of = <T>(key: LoadKey, parse: (text: string, named: string) => T): T =>
    parse(chosen.raw(key) ?? taken[key] ?? '', chosen.named(key));
  const count = (max: number) => (text: string, named: string) => whole(text, named, 1, max, '');
  const phases = () => ({
    warmUpS: of('warmUp', lengthS),
    rampS: of('ramp', lengthS),
    holdS: of('hold', positiveS),
  });
  switch (kind) {
    case 'ramp':
      return { kind, ratePerS: of('rate', ratePerS), ...phases() };
    case 'users':
      return { kind, users: of('users', count(1_000_000)), overS: of('over', positiveS) };
    case 'closed':
      return {
        kind,
        vus: of('vus', count(100_000)),
        thinkTimeS: of('think', lengthS),
        ...phases(),
      };
    case 'cold':
      return { kind, coldStarts: of('coldStarts', count(10_000)), warmRequests: WARM_REQUESTS };
    case 'burst': {
      const rateFromHost = chosen.raw('rate') === undefined;
      const holdS = of('hold', positiveS);
      return {
        kind,
        ratePerS: rateFromHost ? BURST_RATE_PER_S : of('rate', ratePerS),
        rateFromHost,
        holdS,
      };
    }
  }
}
