import { isLoopback } from '../../aws/clients.ts';
import type { Collector } from '../../model/ports.ts';
import { notAsked } from '../shared/job.ts';
import { TraceCollection } from './collection.ts';
import { collectInThread } from './in-thread.ts';
import type { XRaySettings } from './settings.ts';

/** A thread takes half a second of a core to start (it loads the SDK again), and its code is compiled anew: that much is won by then. */
const THREAD_FROM = 8000;

/**
 * Reads traces by their ids until each is complete and stable, or the deadline: at the rate X-Ray
 * allows, which it tells by throttling only. Where Transaction Search is on they are read through its
 * retrievals. What was read stays, whatever ends it but an abort.
 */
export function createXRayCollector(settings: XRaySettings = {}): Collector {
  return {
    name: 'xray',
    collect: async (job) => {
      const { aws, traced } = job.endpoint;
      const expected = new Set(job.traceIds).size;
      if (aws === null) return notAsked('xray', expected, 'traces: nothing of AWS is known of it');
      if (!traced) {
        return notAsked(
          'xray',
          expected,
          'X-Ray does not trace this endpoint: there are no traces',
        );
      }
      const local = isLoopback(aws);
      const threadFrom = settings.threadFrom ?? (local ? THREAD_FROM : Number.POSITIVE_INFINITY);
      return expected >= threadFrom
        ? collectInThread(job, aws, settings)
        : new TraceCollection(job, aws, settings).run();
    },
  };
}

export const xrayCollector: Collector = createXRayCollector();
