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
 * and pays debts first. One core, no other load: every other process that preempts the thread makes
 * the kernel charge more often, so that a busy host throttles sooner than this.
 */
export function simulateQuota(simulation: QuotaSimulation): number[] {
  const { quotaUs, periodUs, sliceUs, tickUs, workUs, pauseUs, calls, seed } = simulation;
  const random = seededRandom(seed);
  let now = 0;
  let nextPeriod = random() * periodUs;
  let nextTick = random() * tickUs;
  let quotaLeftUs = quotaUs;
  let heldUs = 0;
  let throttled = false;

  /** The core draws a slice when its own is spent, and is throttled where the quota is too. */
  function charge(usedUs: number): void {
    heldUs -= usedUs;
    if (heldUs <= 0) {
      const taken = Math.min(quotaLeftUs, sliceUs - heldUs);
      quotaLeftUs -= taken;
      heldUs += taken;
    }
    throttled = heldUs <= 0;
  }

  /** A new period pays the debt, with just enough to run until the next tick. */
  function refill(): void {
    quotaLeftUs = quotaUs;
    if (!throttled) return;
    const paid = Math.min(quotaLeftUs, NOTHING_US - heldUs);
    quotaLeftUs -= paid;
    heldUs += paid;
    throttled = heldUs <= 0;
  }

  function advance(end: number): void {
    now = end;
    for (; nextPeriod <= now; nextPeriod += periodUs) refill();
  }

  const walls: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startedAt = now;
    charge(0);
    let leftUs = workUs;
    let unchargedUs = 0;
    while (leftUs > NOTHING_US) {
      if (throttled) {
        advance(nextPeriod);
        continue;
      }
      while (nextTick <= now) nextTick += tickUs;
      const until = Math.min(now + leftUs, nextTick, nextPeriod);
      leftUs -= until - now;
      unchargedUs += until - now;
      advance(until);
      if (now >= nextTick || leftUs <= NOTHING_US) {
        charge(unchargedUs);
        unchargedUs = 0;
      }
    }
    walls.push(now - startedAt);
    if (pauseUs > 0) {
      if (heldUs > KEPT_US) {
        quotaLeftUs += heldUs - KEPT_US;
        heldUs = KEPT_US;
      }
      advance(now + pauseUs * (0.75 + random() / 2));
    }
  }
  return walls;
}
