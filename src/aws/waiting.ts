import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or less long where the signal aborts (which is not thrown here). */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

const FIRST_PAUSE_MS = 100;

/** Asks again and again, less and less often; false where the time is up. Throws the signal's reason. */
export async function polled(
  { withinS, longestPauseMs }: { withinS: number; longestPauseMs: number },
  signal: AbortSignal,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  const untilMs = Date.now() + withinS * 1000;
  for (let pauseMs = FIRST_PAUSE_MS; !(await isDone()); pauseMs *= 2) {
    if (Date.now() >= untilMs) return false;
    await pause(Math.min(pauseMs, longestPauseMs), signal);
    signal.throwIfAborted();
  }
  return true;
}
