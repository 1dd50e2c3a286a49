import { newTraceRoot } from './ids.ts';
import type { TraceContext } from './types.ts';

/** The fields of an X-Amzn-Trace-Id header that were there and well formed. */
export interface TraceHeader {
  root: string | null;
  parent: string | null;
  /** `Sampled=1` and `Sampled=0`; null for `?`, anything else, or nothing. */
  sampled: boolean | null;
}

const ROOT = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;
const PARENT = /^[0-9a-f]{16}$/i;

/**
 * Reads fields by name, never by position: a load balancer prepends `Self=…`, and unknown fields may
 * stand anywhere. A malformed field is as one that is not there. The first of a name counts.
 */
export function parseTraceHeader(header: string): TraceHeader {
  let root: string | null = null;
  let parent: string | null = null;
  let sampled: boolean | null = null;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const value = part.slice(equals + 1).trim();
    switch (part.slice(0, equals).trim().toLowerCase()) {
      case 'root':
        if (root === null && ROOT.test(value)) root = value.toLowerCase();
        break;
      case 'parent':
        if (parent === null && PARENT.test(value)) parent = value.toLowerCase();
        break;
      case 'sampled':
        if (sampled === null && (value === '1' || value === '0')) sampled = value === '1';
        break;
    }
  }
  return { root, parent, sampled };
}

/** The trace a request belongs to. A parent without a root belongs to no known trace and is dropped. */
export function traceOf(header: string | undefined, nowUs: number, sample: boolean): TraceContext {
  if (header === undefined) return { root: newTraceRoot(nowUs), parent: null, sampled: sample };
  const { root, parent, sampled } = parseTraceHeader(header);
  return root === null
    ? { root: newTraceRoot(nowUs), parent: null, sampled: sampled ?? sample }
    : { root, parent, sampled: sampled ?? sample };
}

/** `Root=…;Parent=…;Sampled=1` */
export function formatTraceHeader(root: string, parent: string | null, sampled: boolean): string {
  const flag = sampled ? '1' : '0';
  return parent === null
    ? `Root=${root};Sampled=${flag}`
    : `Root=${root};Parent=${parent};Sampled=${flag}`;
}
