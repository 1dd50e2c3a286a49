import type { GatewayRecord, InvocationRecord, ThrottleRecord } from '../types.ts';
import {
  type DocumentContext,
  functionSegment,
  gatewaySegment,
  inferredSegment,
  serviceSegment,
  type XRayDocument,
} from './documents.ts';

/** What was recorded of one trace. */
export interface TraceParts {
  gateways: GatewayRecord[];
  invocations: InvocationRecord[];
  throttles: ThrottleRecord[];
  /** From the daemon's socket, in order of arrival; changed by assembling. */
  received: XRayDocument[];
}

/**
 * The trace's segments: those of the platform, with the received subsegments beneath the parents they
 * name, the inferred ones, and received segments of their own. A subsegment whose parent never came
 * stands alone, as in X-Ray.
 */
export function assembleTrace(
  traceId: string,
  parts: TraceParts,
  context: DocumentContext,
): XRayDocument[] {
  const received = latestById(parts.received);
  const known = new Map<string, XRayDocument>();
  for (const document of received) addNested(document, known);
  const underInvocation = new Map<string, XRayDocument[]>();
  for (const { invocationSpanId } of parts.invocations) underInvocation.set(invocationSpanId, []);

  const alone: XRayDocument[] = [];
  for (const document of received) {
    const siblings = document.type === 'subsegment' ? siblingsOf(document) : undefined;
    if (siblings === undefined) {
      alone.push(document);
      continue;
    }
    // A subsegment within its parent's document carries neither.
    delete document.type;
    delete document.trace_id;
    delete document.parent_id;
    siblings.push(document);
  }
  const inferred: XRayDocument[] = [];
  for (const document of known.values()) {
    const segment = inferredSegment(document, traceId);
    if (segment !== null) inferred.push(segment);
  }
  return [
    ...parts.gateways.map((record) => gatewaySegment(record, context)),
    ...parts.invocations.flatMap((record) => [
      serviceSegment(record, context),
      functionSegment(record, underInvocation.get(record.invocationSpanId) ?? [], context),
    ]),
    ...parts.throttles.map((record) => serviceSegment({ ...record, httpStatus: 429 }, context)),
    ...alone,
    ...inferred,
  ];

  function siblingsOf(document: XRayDocument): XRayDocument[] | undefined {
    const parentId = document.parent_id;
    if (parentId === undefined || parentId === document.id) return undefined;
    const children = underInvocation.get(parentId);
    if (children !== undefined) return children;
    const parent = known.get(parentId);
    if (parent === undefined) return undefined;
    parent.subsegments ??= [];
    return parent.subsegments;
  }
}

/** A document may be sent while in progress and again when complete. */
function latestById(documents: readonly XRayDocument[]): XRayDocument[] {
  const latest = new Map<string, XRayDocument>();
  for (const document of documents) {
    const before = latest.get(document.id);
    if (before !== undefined && before.in_progress !== true && document.in_progress === true) {
      continue;
    }
    latest.set(document.id, document);
  }
  return [...latest.values()];
}

function addNested(document: XRayDocument, known: Map<string, XRayDocument>): void {
  known.set(document.id, document);
  if (!Array.isArray(document.subsegments)) return;
  for (const child of document.subsegments) {
    if (typeof child === 'object' && child !== null) addNested(child, known);
  }
}
