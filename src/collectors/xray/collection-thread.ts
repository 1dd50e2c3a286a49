import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import { TraceCollection } from './collection.ts';
import { ABORT, type ThreadAnswer, type ThreadJob } from './thread-protocol.ts';

/** The thread of a collection; see `collectInThread`. */

const { traceIds, access, settings, ...job } = workerData as ThreadJob;
const aborted = new AbortController();
parentPort?.on('message', (message) => {
  if (message === ABORT) aborted.abort();
});
const answer = (message: ThreadAnswer) => parentPort?.postMessage(message);
try {
  const collection = new TraceCollection(
    { ...job, traceIds: traceIds.split('\n'), signal: aborted.signal },
    access,
    settings,
  );
  answer({ kind: 'collected', collected: await collection.run() });
} catch (error) {
  const name = error instanceof Error ? error.name : 'Error';
  answer({ kind: 'failed', name, message: messageOf(error) });
}
parentPort?.close();
