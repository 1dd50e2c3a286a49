import { seededRandom } from '../src/base/random.ts';

/** A CPU quota as Linux enforces it on one thread; see simulateQuota. */
export interface QuotaSimulation {
  quotaUs: number;
  periodUs: number;
  /** What a core takes from the quota at a time: sysctl sched_cfs_bandwidth_slice_us. */
  sliceUs: number;
  /** Use is charged, and a thread held back, at timer ticks only: 4 ms where CONFIG_HZ is 250. */
  tickUs: number;
  workUs: number;
  pauseUs: number;
  calls: number;
  seed: number;
}

/** A core keeps this much of its slice when its last thread sleeps (min_cfs_rq_runtime). */
const KEPT_US = 1000;

/** Below what sums of floating-point numbers can tell apart. */
const NOTHING_US = 1e-3;

/**
 * Wall time of each call, in µs, of a thread that computes for `workUs` and then sleeps. Follows
 * kernel/sched/fair.c: a core draws slices from the group's quota; when a tick finds its slice spent
 * and the quota empty it is throttled, with what it overran as a debt; each period refills the quota
 * and pays debts first. One core, no other load, no migration.
 */
export function simulateQuota(simulation: QuotaSimulation): number[] {
  const { quotaUs, periodUs, sliceUs, tickUs, workUs, pauseUs, calls, seed } = simulation;
  const random = seededRandom(seed);
  let now = 0;
  let nextPeriod = random() * periodUs;
  let nextTick = random() * tickUs;
  let quotaLeft = quotaUs;
  let local = 0;
  let throttled = false;

  /** Charges the core; false where neither its slice nor the quota is enough. */
  function charge(usedUs: number): boolean {
    local -= usedUs;
    if (local <= 0) {
      const taken = Math.min(quotaLeft, sliceUs - local);
      quotaLeft -= taken;
      local += taken;
    }
    return local > 0;
  }

  function refill(): void {
    nextPeriod += periodUs;
    quotaLeft = quotaUs;
    if (!throttled) return;
    // Just enough to run again: the next slice is drawn when the next tick charges.
    const paid = Math.min(quotaLeft, 0.001 - local);
    quotaLeft -= paid;
    local += paid;
    throttled = local <= 0;
  }

  function sleepUntil(end: number): void {
    while (nextPeriod <= end) refill();
    while (nextTick <= end) nextTick += tickUs;
    now = end;
  }

  const walls: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startedAt = now;
    let left = workUs;
    if (!throttled && local <= 0) throttled = !charge(0);
    let unchargedUs = 0;
    while (left > NOTHING_US) {
      if (throttled) {
        sleepUntil(nextPeriod);
        continue;
      }
      const until = Math.min(now + left, nextTick, nextPeriod);
      left -= until - now;
      unchargedUs += until - now;
      now = until;
      if (now >= nextPeriod) refill();
      if (now >= nextTick || left <= NOTHING_US) {
        throttled = !charge(unchargedUs);
        unchargedUs = 0;
      }
      if (now >= nextTick) nextTick += tickUs;
    }
    walls.push(now - startedAt);
    if (pauseUs > 0) {
      if (local > KEPT_US) {
        quotaLeft += local - KEPT_US;
        local = KEPT_US;
      }
      sleepUntil(now + pauseUs * (0.75 + random() / 2));
    }
  }
  return walls;
}
