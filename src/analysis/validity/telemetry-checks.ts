import { formatShare } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';
import { shownCount, shownOf } from './check.ts';
import type { Evidence } from './evidence.ts';

/** Is every request explained, and by data that is whole? None of these voids latencies. */
export function telemetryChecks(evidence: Evidence): Check[] {
  const { merge } = evidence;
  return [
    coverage(evidence, 'trace-coverage', 'Requests with a trace', merge.withTrace),
    coverage(evidence, 'report-coverage', 'Requests with a REPORT line', reported(merge)),
    {
      name: 'damaged-data',
      label: 'Pieces of raw data that could not be read',
      value: merge.damaged,
      shown: shownCount(merge.damaged),
      threshold: '0',
      state: merge.damaged === 0 ? 'sound' : 'doubtful',
      about: 'measurement',
      why: 'What could not be read was left out; the warnings describe it.',
    },
    negativeParts(evidence),
    {
      name: 'disagreements',
      label: 'Requests whose trace and REPORT line disagree on being first',
      value: merge.disagreements,
      shown: shownOf(merge.disagreements, evidence.breakdownRows),
      threshold: '0',
      state: merge.disagreements === 0 ? 'sound' : 'doubtful',
      about: 'measurement',
      why: 'Both tell of the same initialisation; where they differ one of them is wrong, and with it the share of cold starts.',
    },
  ];
}

/**
 * Behind an API the REPORT line of a request that is not sampled has no id the request knows: it is
 * there and belongs to one of them.
 */
function reported({ sampled, reached, withReport, invocations }: Evidence['merge']): number {
  return sampled < reached ? Math.max(withReport, Math.min(invocations, reached)) : withReport;
}

/**
 * Of the requests that were sent to be traced (a sample of them, perhaps) or that an environment saw:
 * how many are explained. What was never to be found is not missing.
 */
function coverage(
  { merge, xray, notAsked }: Evidence,
  name: 'trace-coverage' | 'report-coverage',
  label: string,
  found: number,
): Check {
  const ofTraces = name === 'trace-coverage';
  const whole = ofTraces ? merge.sampled : merge.reached;
  const unknown = ofTraces ? notAsked.traces : notAsked.reports;
  const share = whole === 0 || unknown ? null : found / whole;
  const sample =
    ofTraces && merge.sampled < merge.reached
      ? ` that were sampled, ${formatShare(merge.sampled / merge.reached)} of all`
      : '';
  const unjoined =
    !ofTraces && found > merge.withReport
      ? `; which request ${shownCount(found - merge.withReport)} of them belong to is not known`
      : '';
  const none = ofTraces && xray === 'unavailable' && found === 0;
  return {
    name,
    label,
    value: share,
    shown: unknown
      ? ofTraces
        ? 'not asked: X-Ray does not trace this endpoint, or nothing is known of it'
        : 'not asked: the function behind this endpoint is not known'
      : none
        ? 'there are no traces'
        : `${shownOf(found, whole)}${sample}${unjoined}`,
    threshold: '≥ 99%',
    state: share === null ? 'unknown' : share >= 0.99 ? 'sound' : 'doubtful',
    about: 'measurement',
    why: 'Below it the breakdown may lack the very requests that make the tail; latencies do not depend on it.',
  };
}

function negativeParts({ merge, breakdownRows }: Evidence): Check {
  const share = merge.negativeParts / Math.max(1, breakdownRows);
  return {
    name: 'negative-parts',
    label: 'Parts below zero by more than a clock step',
    value: merge.negativeParts,
    shown: `${shownCount(merge.negativeParts)} in ${shownCount(breakdownRows)} requests (${formatShare(share)})`,
    threshold: '≤ 1%',
    state: share <= 0.01 ? 'sound' : 'doubtful',
    about: 'measurement',
    why: 'They were set to zero at the cost of their neighbours: client, gateway and function disagree about time.',
  };
}
