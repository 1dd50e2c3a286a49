import type { Backing } from './backing.ts';
import { batchGetTraces } from './batch-get-traces.ts';
import { putTraceSegments } from './put-trace-segments.ts';
import { getTraceSummaries } from './trace-summaries.ts';
import { decode, type ServiceAnswer, type ServiceRequest, unknownOperation } from './wire.ts';

type Operation = (
  backing: Backing,
  body: unknown,
) => Record<string, unknown> | Promise<Record<string, unknown> | Buffer>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/Traces': batchGetTraces,
  '/TraceSummaries': getTraceSummaries,
  '/TraceSegments': putTraceSegments,
  '/GetTraceSegmentDestination': () => ({ Destination: 'XRay', Status: 'ACTIVE' }),
};

/** X-Ray. */
export async function xray(backing: Backing, request: ServiceRequest): Promise<ServiceAnswer> {
  const { method, path } = request;
  const operation =
    method === 'POST' && Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
  if (operation === undefined) throw unknownOperation();
  return { status: 200, body: await operation(backing, decode('rest-json', request.body)) };
}
