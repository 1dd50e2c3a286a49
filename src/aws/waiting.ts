import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or less long where the signal aborts (which is not thrown here). */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
