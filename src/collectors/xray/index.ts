import type { Collector } from '../../model/ports.ts';
import { notAsked } from '../shared/job.ts';
import { TraceCollection, type XRaySettings } from './collection.ts';

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
      return new TraceCollection(job, aws, settings).run();
    },
  };
}

export const xrayCollector: Collector = createXRayCollector();
