import { processCpuUs } from '../../base/processes/cpu-time.ts';

const INTERVAL_MS = 200;

/**
 * CPU time of a process in microseconds, known after it has ended: sampled, because what /proc says
 * is gone with the process. Short of the truth by at most the CPU time of its last 200 ms.
 */
export function watchCpu(pid: number): { stop(): number } {
  let lastUs = 0;
  const sample = () => {
    lastUs = Math.max(lastUs, processCpuUs(pid));
  };
  const timer = setInterval(sample, INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return lastUs;
    },
  };
}
