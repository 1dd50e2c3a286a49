import { Worker } from 'node:worker_threads';
import { answerOf, threadFile } from '../../base/threads.ts';
import type { Part } from './picked-file.ts';
import type { Rest } from './request-lines.ts';

/** Looks through the second half of a file in a thread of its own, while this one has the first. */
export function readSecondHalf(workerData: Part): Promise<Rest> {
  const file = threadFile(import.meta, 'second-half-thread');
  const thread = new Worker(file, { name: 'samples', workerData });
  return answerOf<Rest>(thread, new Error('the thread that reads samples ended early'));
}
