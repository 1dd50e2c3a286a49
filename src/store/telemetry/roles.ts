import type { SpanRole } from '../../model/tables.ts';
import type { Node } from './document.ts';

/** A node with its place in the request. */
export interface Span extends Node {
  role: SpanRole;
  /** The function segment it is beneath (itself for a function), null outside of functions. */
  functionId: string | null;
}

const INIT_NAMES = new Set(['Initialization', 'Init', 'Restore']);

/**
 * Gives every node of one trace its role, by origin, name and place. A node that is there twice
 * (first in progress, then whole) counts once.
 *
 * - gateway: segment of API Gateway; integration: subsegment of one
 * - service: `AWS::Lambda`; function: `AWS::Lambda::Function`
 * - init (Initialization, Init, Restore), invocation, overhead: directly beneath either
 * - backend: the outermost call of the handler to something else (namespace `aws` or `remote`, or
 *   `sql`); calls nested in it, and calls made during init, are `other`
 * - an inferred segment repeats the subsegment that is its parent and is `other`, unless that
 *   subsegment is missing: then it is the backend
 */
export function assignRoles(nodes: readonly Node[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const node of nodes) {
    const known = spans.get(node.id);
    if (known !== undefined && !(known.endedUs === null && node.endedUs !== null)) continue;
    spans.set(node.id, { ...node, role: 'other', functionId: null });
  }
  const done = new Set<string>();
  for (const span of spans.values()) place(span, spans, done);
  return spans;
}

/** Parents first, each once; a cycle of parents ends where it began. */
function place(span: Span, spans: Map<string, Span>, done: Set<string>): void {
  const path: Span[] = [];
  let current: Span | undefined = span;
  while (current !== undefined && !done.has(current.id)) {
    done.add(current.id);
    path.push(current);
    current = current.parentId === null ? undefined : spans.get(current.parentId);
  }
  for (let i = path.length - 1; i >= 0; i -= 1) {
    const next = path[i] as Span;
    const parent = next.parentId === null ? undefined : spans.get(next.parentId);
    next.role = roleOf(next, parent, spans);
    next.functionId = next.role === 'function' ? next.id : functionOf(next, parent);
  }
}

function functionOf(span: Span, parent: Span | undefined): string | null {
  // A service beneath a function is another function's: an SDK call that invokes it.
  if (span.role === 'service' || span.role === 'gateway') return null;
  return parent?.functionId ?? null;
}

function roleOf(span: Span, parent: Span | undefined, spans: Map<string, Span>): SpanRole {
  if (span.inferred) return parent === undefined ? 'backend' : 'other';
  if (span.isSegment) {
    if (span.origin === 'AWS::Lambda') return 'service';
    if (span.origin === 'AWS::Lambda::Function') return 'function';
    if (span.origin?.startsWith('AWS::ApiGateway')) return 'gateway';
    return 'other';
  }
  if (parent === undefined) return isCall(span) ? 'backend' : 'other';
  if (parent.role === 'gateway') return 'integration';
  if (parent.role === 'function' || parent.role === 'service') {
    if (INIT_NAMES.has(span.name)) return 'init';
    if (span.name === 'Invocation') return 'invocation';
    if (span.name === 'Overhead') return 'overhead';
    if (parent.role === 'service') return 'other';
  }
  return isCall(span) && parent.functionId !== null && !insideCall(parent, spans)
    ? 'backend'
    : 'other';
}

function isCall(span: Span): boolean {
  return span.namespace === 'aws' || span.namespace === 'remote' || span.hasSql;
}

function insideCall(from: Span, spans: Map<string, Span>): boolean {
  let current: Span | undefined = from;
  for (let steps = 0; current !== undefined && steps < spans.size; steps += 1) {
    if (current.role === 'backend' || current.role === 'init' || current.role === 'overhead') {
      return true;
    }
    if (current.role === 'function') return false;
    current = current.parentId === null ? undefined : spans.get(current.parentId);
  }
  return false;
}
