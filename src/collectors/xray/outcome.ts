import type { Collection } from '../../model/trial.ts';
import type { Collected, WarningCounts } from '../shared/job.ts';

/** What a collection came to; counts of traces where nothing else is said. */
export interface XRayCounts {
  expected: number;
  missing: number;
  /** Not missing, and still changing when they were read last. */
  unstable: number;
  /** Of those missing: ids X-Ray would refuse. */
  malformed: number;
  tooLarge: number;
  /** Ids left unprocessed, as often as they were. */
  unprocessed: number;
  /** Of them throttled. */
  calls: number;
  throttles: number;
  /** Why it was ended before the deadline. */
  stopped: string | null;
  tookMs: number;
}

/** The collection's record, and in words what is not as it should be. */
export function outcomeOf(counts: XRayCounts, warnings: WarningCounts): Collected {
  const { expected, missing, unstable, stopped, tookMs } = counts;
  const found = expected - missing;
  const ended = endOf(counts, found);
  const later = '"bench collect" reads what is there by then';
  if (ended === 'unavailable') {
    warnings.add(
      'traces-missing',
      'doubtful',
      `no trace was read: ${stopped}; REPORT lines stand in for traces, and ${later}`,
    );
  } else if (missing > 0) {
    const why = stopped === null ? 'in time' : `because ${stopped}`;
    warnings.add(
      'traces-missing',
      'doubtful',
      `${missing} of ${expected} traces were not found ${why}; ${later}`,
    );
  }
  if (unstable > 0) {
    warnings.add(
      'traces-unstable',
      'doubtful',
      `${unstable} traces had not settled at the end: they are kept as they were read last; ${later}`,
    );
  }
  tellOddities(counts, warnings);
  return {
    collection: {
      collector: 'xray',
      expected,
      found,
      ended,
      tookMs,
      ...(stopped === null ? {} : { message: stopped }),
    },
    warnings: warnings.list(),
  };
}

function endOf(counts: XRayCounts, found: number): Collection['ended'] {
  if (counts.missing === 0 && counts.unstable === 0) return 'complete';
  return counts.stopped !== null && found === 0 ? 'unavailable' : 'deadline';
}

function tellOddities(counts: XRayCounts, warnings: WarningCounts): void {
  const { malformed, tooLarge, unprocessed, calls, throttles } = counts;
  if (malformed > 0) {
    warnings.add(
      'trace-ids-malformed',
      'doubtful',
      `${malformed} trace ids have another form than X-Ray's and were not asked for`,
    );
  }
  if (tooLarge > 0) {
    warnings.add(
      'traces-too-large',
      'doubtful',
      `traces that exceed the size X-Ray stores (LimitExceeded), so that segments are missing: ${tooLarge}`,
    );
  }
  if (unprocessed > 0) {
    warnings.add(
      'traces-unprocessed',
      'note',
      `X-Ray left ids unprocessed, which were asked for again: ${unprocessed}`,
    );
  }
  if (throttles > 0) {
    warnings.add(
      'xray-throttled',
      'note',
      `X-Ray throttled ${throttles} of ${calls} calls, which were made again`,
    );
  }
}
