import { formatShare, threeDigits } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';
import { atLeast, atMost, shownCount, shownOf } from './check.ts';
import type { Evidence } from './evidence.ts';

/** Was the load what was asked for, and was all of it measured? */
export function loadChecks(evidence: Evidence): Check[] {
  return [
    dropped(evidence),
    ...scheduled(evidence),
    lostSamples(evidence),
    ...rate(evidence),
    failures(evidence),
    generator(evidence),
  ];
}

/**
 * Of the system: k6 drops an arrival when all virtual users wait for answers. To leave the trial out
 * would hide the stall that made them wait.
 */
function dropped({ droppedIterations, requests }: Evidence): Check {
  const arrivals = requests + droppedIterations;
  const share = arrivals === 0 ? 0 : droppedIterations / arrivals;
  return {
    name: 'dropped-iterations',
    label: 'Arrivals dropped by the generator',
    value: droppedIterations,
    shown: shownOf(droppedIterations, arrivals),
    threshold: '0; void above 0.1%',
    state: atMost(share, 0, 0.001),
    about: 'system',
    why: 'A dropped arrival is a request that was never measured, and it is dropped when answers are slow: the tail looks better than it is.',
  };
}

function scheduled({ engines }: Evidence): Check[] {
  let asked = 0;
  let begun = 0;
  let open = 0;
  for (const { scheduledIterations, iterations, droppedIterations } of engines) {
    if (scheduledIterations === null) continue;
    open += 1;
    asked += scheduledIterations;
    begun += iterations + droppedIterations;
  }
  if (open === 0) return [];
  const missing = Math.round(Math.abs(asked - begun));
  return [
    {
      name: 'schedule',
      label: 'Arrivals off the schedule',
      value: missing,
      shown: shownOf(missing, Math.round(asked)),
      threshold: `≤ ${open} (one a trial); void above 5%`,
      state: missing <= open ? 'sound' : atMost(missing / asked, 0, 0.05),
      about: 'measurement',
      why: 'Iterations and dropped ones must add up to the integral of the arrival rate; what is missing was not started or not counted.',
    },
  ];
}

function lostSamples({ merge, requests }: Evidence): Check {
  const share = merge.lostSamples / Math.max(1, requests + merge.lostSamples);
  return {
    name: 'lost-samples',
    label: 'Requests whose samples were lost',
    value: merge.lostSamples,
    shown: shownOf(merge.lostSamples, requests + merge.lostSamples),
    threshold: '0; void above 1%',
    state: atMost(share, 0, 0.01),
    about: 'measurement',
    why: 'They were sent but not written by k6; nothing says that they were like the others.',
  };
}

/**
 * Of the system: what was not sent in time is told by the schedule, the dropped arrivals and the
 * generator's CPU, so what is missing here was not answered.
 */
function rate({ ratePerS, rateAskedPerS }: Evidence): Check[] {
  if (rateAskedPerS === null || ratePerS === null) return [];
  const share = ratePerS / rateAskedPerS;
  return [
    {
      name: 'rate-reached',
      label: 'Rate reached of that asked for',
      value: share,
      shown: `${threeDigits(ratePerS)} of ${threeDigits(rateAskedPerS)} per second (${formatShare(share)})`,
      threshold: '≥ 95%; void below 80%',
      state: atLeast(share, 0.95, 0.8),
      about: 'system',
      why: 'Latency belongs to a rate; below the one asked for it is that of a smaller load.',
    },
  ];
}

function failures({ failed, requests }: Evidence): Check {
  return {
    name: 'failures',
    label: 'Requests that failed',
    value: failed,
    shown: shownOf(failed, requests),
    threshold: '≤ 1%; void above 10%',
    state: atMost(failed / Math.max(1, requests), 0.01, 0.1),
    about: 'system',
    why: 'Latency is that of requests that were answered well; the more fail, the less it says of what users felt.',
  };
}

/** k6 on the machine it loads takes cores from what it measures. */
function generator({ engines, cores }: Evidence): Check {
  let cpuUs = 0;
  let elapsedUs = 0;
  for (const engine of engines) {
    cpuUs += engine.cpuUs;
    elapsedUs += engine.endedUs - engine.startedUs;
  }
  const known = elapsedUs > 0 && cores > 0;
  const share = known ? cpuUs / elapsedUs / cores : null;
  return {
    name: 'generator-cpu',
    label: 'CPU of the load generator',
    value: share,
    shown: share === null ? 'not known' : `${formatShare(share)} of ${shownCount(cores)} cores`,
    threshold: '≤ 50%; void above 90%',
    state: share === null ? 'unknown' : atMost(share, 0.5, 0.9),
    about: 'measurement',
    why: 'A generator short of CPU sends late and stamps answers late: its own delay is then part of every latency.',
  };
}
