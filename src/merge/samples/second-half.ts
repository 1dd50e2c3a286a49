import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Part } from './picked-file.ts';
import type { Rest } from './request-lines.ts';

/** Looks through the second half of a file in a thread of its own, while this one has the first. */
export async function readSecondHalf(workerData: Part): Promise<Rest> {
  // `.ts` in the clone, `.js` as installed.
  const file = new URL(`./second-half-thread${extname(import.meta.filename)}`, import.meta.url);
  const thread = new Worker(file, { name: 'samples', workerData });
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  try {
    return await new Promise<Rest>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      void exited.then(() => reject(new Error('the thread that reads samples ended early')));
    });
  } finally {
    await exited;
  }
}
