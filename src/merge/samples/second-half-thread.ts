import { parentPort, workerData } from 'node:worker_threads';
import { type Part, pickLines } from './picked-file.ts';

/** The thread of `readSecondHalf`. */
parentPort?.postMessage(await pickLines(workerData as Part, (requests) => requests.rest()));
