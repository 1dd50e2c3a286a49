import { readdirSync, readFileSync } from 'node:fs';
import type { ControlGroup } from '../cgroups/index.ts';

/** Since the environment started. */
export interface MeterReading {
  cpuUs: number;
  throttledUs: number;
  /** Time its runnable threads waited for a core while the quota would have let them run. */
  hostWaitUs: number;
}

/** Reads what an environment used of the host. Each reading costs one small file per thread. */
export interface Meter {
  read(): MeterReading;
  /** CPU time alone, which is cheaper to read. */
  cpuUs(): number;
  /** Highest use of memory so far, in MB, rounded up. */
  peakMemoryMb(): number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Host wait is the run delay of the threads less the time the quota held the group back, which run
 * delay contains (seen on Linux 6.18, as on older ones). A thread's delay counts in proportion to
 * its share of the work: every freeze wakes each of Node's helper threads for some microseconds, and
 * that they wait for a core delays nobody.
 */
export function meterOf(pid: number, group: ControlGroup | null): Meter {
  const threads = new Map<number, { ranUs: number; delayedUs: number }>();
  let busiestUs = 1;
  let delayUs = 0;
  let last: MeterReading = { cpuUs: 0, throttledUs: 0, hostWaitUs: 0 };
  return {
    read: () => {
      const found: { ranUs: number; addedUs: number }[] = [];
      for (const id of group === null ? threadsOf(pid) : group.threads()) {
        const now = schedstat(id);
        if (now === null) continue;
        found.push({
          ranUs: now.ranUs,
          addedUs: now.delayedUs - (threads.get(id)?.delayedUs ?? 0),
        });
        threads.set(id, now);
        busiestUs = Math.max(busiestUs, now.ranUs);
      }
      for (const { ranUs, addedUs } of found) delayUs += (addedUs * ranUs) / busiestUs;
      const { cpuUs, throttledUs } = group?.cpuTimes() ?? {
        cpuUs: totalRunUs(threads),
        throttledUs: 0,
      };
      // A group that is gone reads as 0.
      last = {
        cpuUs: Math.max(last.cpuUs, cpuUs),
        throttledUs: Math.max(last.throttledUs, throttledUs),
        hostWaitUs: Math.max(last.hostWaitUs, delayUs - Math.max(last.throttledUs, throttledUs)),
      };
      return last;
    },
    cpuUs: () => {
      if (group !== null) return group.cpuTimes().cpuUs;
      let ranUs = 0;
      for (const id of threadsOf(pid)) ranUs += schedstat(id)?.ranUs ?? 0;
      return ranUs;
    },
    peakMemoryMb: () => {
      // The group is charged for what it touched first, not for pages it shares, such as Node's own
      // code, which count on Lambda.
      const bytes = Math.max(group?.memoryPeakBytes() ?? 0, residentPeakBytes(pid));
      return Math.ceil(bytes / MEBIBYTE);
    },
  };
}

/** `/proc/TID/schedstat`: time on a core and time runnable without one, in ns. */
function schedstat(thread: number): { ranUs: number; delayedUs: number } | null {
  try {
    const [ran, delayed] = readFileSync(`/proc/${thread}/schedstat`, 'latin1').split(' ');
    return { ranUs: Number(ran) / 1000, delayedUs: Number(delayed) / 1000 };
  } catch {
    return null;
  }
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function residentPeakBytes(pid: number): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function totalRunUs(threads: Map<number, { ranUs: number }>): number {
  let total = 0;
  for (const { ranUs } of threads.values()) total += ranUs;
  return total;
}
