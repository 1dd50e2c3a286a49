import type { Check } from '../../model/analysis.ts';
import { atMost, shownOf } from './check.ts';
import type { Evidence } from './evidence.ts';

const MOST_MISSING = 0.1;

/** Were environments as the plan has them before a request came? */
export function readinessChecks(evidence: Evidence): Check[] {
  return [...forcedCold(evidence), ...provisioned(evidence)];
}

function forcedCold({ profile, trials }: Evidence): Check[] {
  if (profile.kind !== 'cold') return [];
  const sum = (key: 'holdWarm' | 'holdReached') =>
    trials.reduce((total, { tables }) => total + tables[key], 0);
  const [warm, reached] = [sum('holdWarm'), sum('holdReached')];
  return [
    {
      name: 'forced-cold',
      label: 'Forced cold starts that were not cold',
      value: reached === 0 ? null : warm / reached,
      shown: reached === 0 ? 'not known' : shownOf(warm, reached),
      threshold: '0; void above 10%',
      state: reached === 0 ? 'unknown' : atMost(warm / reached, 0, MOST_MISSING),
      about: 'measurement',
      why: 'Each was to find no environment; one that found some is a warm request among the figures of cold ones.',
    },
  ];
}

function provisioned({ endpoint, hosts }: Evidence): Check[] {
  const asked = endpoint.provisionedConcurrency * hosts.length;
  if (asked === 0) return [];
  const missing = hosts.reduce(
    (sum, host) => sum + Math.max(0, endpoint.provisionedConcurrency - host.provisionedReady),
    0,
  );
  return [
    {
      name: 'provisioned-ready',
      label: 'Provisioned environments that were not ready',
      value: missing,
      shown: shownOf(missing, asked),
      threshold: '0; void above 10%',
      state: atMost(missing / asked, 0, MOST_MISSING),
      about: 'measurement',
      why: 'Requests that they were to serve met cold starts instead; on AWS a load begins when all are ready.',
    },
  ];
}
