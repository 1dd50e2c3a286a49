import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or less long where the signal aborts (which is not thrown here). */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Runs `work` on each item, at most `parallelism` at a time, in order. Rejects with the first error. */
export async function forEachInParallel<T>(
  items: readonly T[],
  parallelism: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  async function worker(): Promise<void> {
    while (next < items.length && !failed) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallelism, items.length) }, worker));
}
