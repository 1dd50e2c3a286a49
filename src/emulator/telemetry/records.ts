import type { GatewayRecord, InvocationRecord, LogLine, ThrottleRecord } from '../types.ts';
import type { TraceParts } from './assemble-trace.ts';
import type { XRayDocument } from './documents.ts';

/** The journal's records: a letter for the kind, then JSON. Written and read by this process only. */
const INVOCATION = 'i';
const GATEWAY = 'g';
const THROTTLE = 't';
/** A document as it came from the daemon's socket. */
export const RECEIVED = 'd';
const LINE = 'l';

export const invocationText = (record: InvocationRecord): string =>
  INVOCATION + JSON.stringify(record);
export const gatewayText = (record: GatewayRecord): string => GATEWAY + JSON.stringify(record);
export const throttleText = (record: ThrottleRecord): string => THROTTLE + JSON.stringify(record);
export const lineText = (line: LogLine): string => LINE + JSON.stringify(line);

export const parseInvocation = (text: string): InvocationRecord =>
  JSON.parse(text.slice(1)) as InvocationRecord;
export const parseLine = (text: string): LogLine => JSON.parse(text.slice(1)) as LogLine;

/** Adds a record to its trace. Keys of the index may collide: one of another trace is left out. */
export function addToTrace(parts: TraceParts, text: string, traceId: string): void {
  switch (text[0]) {
    case RECEIVED: {
      // Found sound when it came.
      const document = JSON.parse(text.slice(1)) as XRayDocument;
      if (document.trace_id === traceId) parts.received.push(document);
      return;
    }
    case INVOCATION: {
      const record = parseInvocation(text);
      if (record.trace.root === traceId) parts.invocations.push(record);
      return;
    }
    case THROTTLE: {
      const record = JSON.parse(text.slice(1)) as ThrottleRecord;
      if (record.trace.root === traceId) parts.throttles.push(record);
      return;
    }
    case GATEWAY: {
      const record = JSON.parse(text.slice(1)) as GatewayRecord;
      if (record.trace.root === traceId) parts.gateways.push(record);
      return;
    }
  }
}
