import { formatShare, threeDigits } from '../../base/numbers.ts';
import type { EngineFacts } from '../../model/trial.ts';
import type { Warning } from '../../model/warning.ts';

/** Of one core: beyond it, requests wait for the generator and the wait counts as latency. */
const BUSY_CORES = 0.8;
/** Arrivals on the schedule's very end may or may not be started. */
const SCHEDULE_TOLERANCE = 1;

/**
 * What of the load itself makes the figures doubtful; how much of it voids them, the analysis decides.
 * `sent`: requests its iterations were to send. `samples`: those that left one.
 */
export function loadWarnings(
  facts: EngineFacts,
  { sent, samples }: { sent: number; samples: number },
): Warning[] {
  const warnings: Warning[] = [];
  const { iterations, droppedIterations: dropped, scheduledIterations: scheduled } = facts;
  if (dropped > 0) {
    warnings.push({
      code: 'dropped-iterations',
      severity: 'doubtful',
      message:
        `k6 dropped ${dropped} of ${iterations + dropped} arrivals, because no virtual user was ` +
        'free: the load was lighter than asked for; raise --max-vus or lower the rate',
    });
  }
  if (scheduled !== null && Math.abs(iterations + dropped - scheduled) > SCHEDULE_TOLERANCE) {
    warnings.push({
      code: 'schedule-missed',
      severity: 'doubtful',
      message: `k6 started or dropped ${iterations + dropped} arrivals, the schedule has ${threeDigits(scheduled)}`,
    });
  }
  if (samples !== sent) {
    warnings.push({
      code: 'lost-samples',
      severity: 'doubtful',
      message: `${sent - samples} of ${sent} requests left no sample: the script failed in them, see k6.log`,
    });
  }
  const cores = facts.cpuUs / Math.max(1, facts.endedUs - facts.startedUs);
  if (cores > BUSY_CORES) {
    warnings.push({
      code: 'generator-busy',
      severity: 'doubtful',
      message: `k6 used ${formatShare(cores)} of one core: latencies may hold its own waiting`,
    });
  }
  return warnings;
}
