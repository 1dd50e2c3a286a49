import type { XRayDocument } from '../telemetry/documents.ts';
import { extentOf } from './batch-get-traces.ts';
import type { AnnotationValue, Node, TraceView } from './filter-expression/keywords.ts';

/** A segment with what filters and summaries ask of it. */
export interface SegmentView extends Node {
  document: XRayDocument;
}

export interface TraceDetails extends TraceView {
  root: SegmentView;
  segments: readonly SegmentView[];
}

/** What a trace's documents say of it; null where there are none. */
export function viewOf(segments: readonly XRayDocument[]): TraceDetails | null {
  const owners = new Map<string, number>();
  segments.forEach((segment, i) => {
    for (const id of idsOf(segment)) owners.set(id, i);
  });
  const rootAt = rootOf(segments, owners);
  if (rootAt < 0) return null;
  const nodes = segments.map((segment, i) => nodeOf(segment, i === rootAt));
  const root = nodes[rootAt] as SegmentView;
  const annotations = new Map<string, AnnotationValue[]>();
  for (const node of nodes) {
    for (const [key, values] of node.annotations) {
      annotations.set(key, [...(annotations.get(key) ?? []), ...values]);
    }
  }
  const { startS, endS } = extentOf(segments);
  const edges = nodes.flatMap((to) => {
    const from = nodes[owners.get(to.document.parent_id ?? '') ?? -1];
    return from === undefined || from === to ? [] : [{ from, to }];
  });
  const whole: Node = {
    ...root,
    durationS: endS - startS,
    partial: nodes.some(({ partial }) => partial),
    users: nodes.flatMap(({ users }) => users),
    annotations,
  };
  return { whole, segments: nodes, edges, root };
}

/** The segment nobody in the trace is the parent of; the first of several. */
function rootOf(segments: readonly XRayDocument[], owners: ReadonlyMap<string, number>): number {
  let found = -1;
  segments.forEach((segment, i) => {
    const parent = segment.parent_id;
    const alone = parent === undefined || !owners.has(parent);
    const before = segments[found];
    if (alone && (before === undefined || segment.start_time < before.start_time)) found = i;
  });
  return found < 0 && segments.length > 0 ? 0 : found;
}

function idsOf(document: XRayDocument): string[] {
  const children = Array.isArray(document.subsegments) ? document.subsegments : [];
  return [document.id, ...children.filter((child) => isObject(child)).flatMap(idsOf)];
}

function nodeOf(document: XRayDocument, root: boolean): SegmentView {
  const http = objectOf(document.http);
  const request = objectOf(http.request);
  const status = numberOf(objectOf(http.response).status);
  const [error, fault, throttle] = [document.error, document.fault, document.throttle].map(
    (value) => value === true,
  ) as [boolean, boolean, boolean];
  const durationS = (document.end_time ?? document.start_time) - document.start_time;
  return {
    document,
    name: document.name,
    type: stringOf(document.origin) ?? (document.namespace === 'remote' ? 'remote' : ''),
    ok: status === null ? !(error || fault || throttle) : status >= 200 && status < 300,
    error,
    fault,
    throttle,
    partial: document.in_progress === true,
    inferred: document.inferred === true,
    root,
    responseTimeS: durationS,
    durationS,
    url: stringOf(request.url),
    method: stringOf(request.method),
    userAgent: stringOf(request.user_agent),
    clientIp: stringOf(request.client_ip),
    status,
    users: typeof document.user === 'string' ? [document.user] : [],
    resourceArn: stringOf(document.resource_arn),
    annotations: annotationsOf(document),
  };
}

/** A segment's own and those of its subsegments, as X-Ray indexes them. */
function annotationsOf(document: XRayDocument): Map<string, AnnotationValue[]> {
  const found = new Map<string, AnnotationValue[]>();
  const collect = (each: XRayDocument): void => {
    for (const [key, value] of Object.entries(objectOf(each.annotations))) {
      if (!['string', 'number', 'boolean'].includes(typeof value)) continue;
      found.set(key, [...(found.get(key) ?? []), value as AnnotationValue]);
    }
    if (!Array.isArray(each.subsegments)) return;
    for (const child of each.subsegments) if (isObject(child)) collect(child);
  };
  collect(document);
  return found;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
