import type { Span } from './roles.ts';

/**
 * What the breakdown needs of a trace, in microseconds; null where the trace does not say.
 * Of several functions in a trace it is the entry's: the one no other function called.
 */
export interface TraceFacts {
  /** The Lambda request id the service segment names. */
  requestId: string | null;
  functionName: string | null;
  /** Length of the gateway's segment. */
  gatewayUs: number | null;
  serviceUs: number | null;
  /** Service's start to the start of what the request waited for: init where cold, else the function. */
  placementUs: number | null;
  /** What of init the request waited for: 0 where it was over before the request came. */
  initUs: number | null;
  /** The trace has an init, felt or not. */
  hasInit: boolean;
  invocationUs: number | null;
  /** Length of the union of the backend's intervals within the invocation. */
  backendUs: number | null;
  backendCalls: number;
  overheadUs: number | null;
  /** The service refused the request: no environment saw it. */
  throttled: boolean;
}

interface Interval {
  startedUs: number;
  endedUs: number;
}

/**
 * Gateway and service segments carry whole milliseconds, the function's microseconds. An instant t in
 * whole milliseconds lies in [t, t + 1 ms); taking its start would put half a millisecond too much
 * into placement and too little into what follows the function. So its middle is taken, and where the
 * segment then begins after, or ends before, what it holds by no more than this step, it is widened
 * to hold it: else nearby instants would make systematic negative parts. What is beyond the step is
 * an error of the data and stays.
 */
export const CLOCK_STEP_US = 1000;

export function traceFacts(spans: ReadonlyMap<string, Span>): TraceFacts {
  const all = [...spans.values()];
  const service = last(all.filter((s) => s.role === 'service' && !calledByFunction(s, spans)));
  const functionSpan = entryFunction(all, service, spans);
  const gateway = gatewayOf(service, functionSpan, all, spans);

  const own = all.filter((s) => s.functionId !== null && s.functionId === functionSpan?.id);
  const functionInterval = functionSpan === undefined ? null : closed(functionSpan, own);
  const init = hull(
    all.filter(
      (s) => s.role === 'init' && (s.parentId === functionSpan?.id || s.parentId === service?.id),
    ),
  );
  const overheads = own.filter((s) => s.role === 'overhead' && s.endedUs !== null);
  const overhead = hull(overheads);
  const invocation =
    functionInterval === null ? null : invocationOf(functionInterval, own, init, overhead);
  const serviceInterval = service === undefined ? null : widened(service, functionInterval);
  const gatewayInterval =
    gateway === undefined ? null : widened(gateway, serviceInterval ?? functionInterval);

  const wait = waitOf(serviceInterval, functionInterval, invocation, init);
  const backends = backendsOf(all, own, functionSpan);
  return {
    requestId: service?.requestId ?? functionSpan?.requestId ?? null,
    functionName: service?.name ?? functionSpan?.name ?? null,
    gatewayUs: lengthOf(gatewayInterval),
    serviceUs: lengthOf(serviceInterval),
    placementUs: wait?.placementUs ?? null,
    initUs: wait?.initUs ?? null,
    hasInit: init !== null,
    invocationUs: lengthOf(invocation),
    backendUs: invocation === null ? null : unionUs(backends, invocation),
    backendCalls: backends.length,
    overheadUs: functionInterval === null ? null : (lengthOf(overhead) ?? 0),
    throttled: service?.throttle === true && functionSpan === undefined,
  };
}

/** The last to start: what comes before it on the way in is an authorizer or a failed attempt. */
function last(spans: readonly Span[]): Span | undefined {
  let found: Span | undefined;
  for (const span of spans) {
    if (found === undefined || span.startedUs > found.startedUs) found = span;
  }
  return found;
}

function calledByFunction(span: Span, spans: ReadonlyMap<string, Span>): boolean {
  const parent = span.parentId === null ? undefined : spans.get(span.parentId);
  return parent !== undefined && parent.functionId !== null;
}

function entryFunction(
  all: readonly Span[],
  service: Span | undefined,
  spans: ReadonlyMap<string, Span>,
): Span | undefined {
  const functions = all.filter((s) => s.role === 'function');
  if (service !== undefined) return last(functions.filter((s) => s.parentId === service.id));
  return last(functions.filter((s) => !spans.has(s.parentId ?? '')));
}

function gatewayOf(
  service: Span | undefined,
  functionSpan: Span | undefined,
  all: readonly Span[],
  spans: ReadonlyMap<string, Span>,
): Span | undefined {
  let current = service ?? functionSpan;
  for (let steps = 0; current !== undefined && steps < all.length; steps += 1) {
    if (current.role === 'gateway') return current;
    current = current.parentId === null ? undefined : spans.get(current.parentId);
  }
  // The service's segment has not come, or does not say what called it: the front's is the root.
  return last(all.filter((s) => s.role === 'gateway' && s.parentId === null));
}

/** A segment in progress ends with the last that is known of it. */
function closed(span: Span, inner: readonly Span[]): Interval {
  let endedUs = span.endedUs ?? span.startedUs;
  if (span.endedUs === null) {
    for (const s of inner) {
      if (s.role !== 'init') endedUs = Math.max(endedUs, s.endedUs ?? s.startedUs);
    }
  }
  return { startedUs: span.startedUs, endedUs };
}

function hull(spans: readonly Span[]): Interval | null {
  let found: Interval | null = null;
  for (const { startedUs, endedUs } of spans) {
    const end = endedUs ?? startedUs;
    if (found === null) found = { startedUs, endedUs: end };
    else {
      found.startedUs = Math.min(found.startedUs, startedUs);
      found.endedUs = Math.max(found.endedUs, end);
    }
  }
  return found;
}

/**
 * Old style: the Invocation subsegment. New style has none: the function's segment, from the end of
 * an init within it to the start of the Overhead.
 */
function invocationOf(
  functionInterval: Interval,
  own: readonly Span[],
  init: Interval | null,
  overhead: Interval | null,
): Interval {
  const explicit = last(own.filter((s) => s.role === 'invocation'));
  const endByOverhead =
    overhead !== null && overhead.startedUs >= functionInterval.startedUs
      ? Math.min(overhead.startedUs, functionInterval.endedUs)
      : functionInterval.endedUs;
  if (explicit !== undefined) {
    const endedUs = explicit.endedUs ?? Math.max(explicit.startedUs, endByOverhead);
    return { startedUs: explicit.startedUs, endedUs };
  }
  const initWithin =
    init !== null &&
    init.endedUs > functionInterval.startedUs &&
    init.endedUs <= functionInterval.endedUs;
  const startedUs = initWithin ? init.endedUs : functionInterval.startedUs;
  return { startedUs, endedUs: Math.max(startedUs, endByOverhead) };
}

/**
 * From the start of the service's segment to that of the function's; where init is drawn inside the
 * function's segment, to that of the invocation. What of init lies in it is what the user felt.
 */
function waitOf(
  service: Interval | null,
  functionInterval: Interval | null,
  invocation: Interval | null,
  init: Interval | null,
): { placementUs: number; initUs: number } | null {
  if (service === null || functionInterval === null || invocation === null) return null;
  const initInside = init !== null && init.endedUs > functionInterval.startedUs;
  const waitEndUs = initInside ? invocation.startedUs : functionInterval.startedUs;
  const initFromUs = init === null ? 0 : Math.max(init.startedUs, service.startedUs);
  const initUs = init === null ? 0 : Math.max(0, Math.min(init.endedUs, waitEndUs) - initFromUs);
  const waitedForUs = initUs > 0 ? initFromUs : functionInterval.startedUs;
  return { placementUs: waitedForUs - service.startedUs, initUs };
}

function widened(span: Span, inner: Interval | null): Interval | null {
  if (span.endedUs === null && inner === null) return null;
  // In progress it ends with what it holds, which may lie before it by a step of its clock.
  const endUs = span.endedUs ?? Math.max(span.startedUs, (inner as Interval).endedUs);
  const given = { startedUs: span.startedUs, endedUs: endUs };
  const whole = given.startedUs % CLOCK_STEP_US === 0 && given.endedUs % CLOCK_STEP_US === 0;
  const shiftUs = whole ? CLOCK_STEP_US / 2 : 0;
  let startedUs = given.startedUs + shiftUs;
  let endedUs = given.endedUs + shiftUs;
  if (inner !== null) {
    if (inner.startedUs < startedUs && startedUs - inner.startedUs <= CLOCK_STEP_US) {
      startedUs = inner.startedUs;
    }
    if (inner.endedUs > endedUs && inner.endedUs - endedUs <= CLOCK_STEP_US) {
      endedUs = inner.endedUs;
    }
  }
  return { startedUs, endedUs };
}

function backendsOf(
  all: readonly Span[],
  own: readonly Span[],
  functionSpan: Span | undefined,
): Span[] {
  const backends = own.filter((s) => s.role === 'backend');
  if (functionSpan === undefined) return backends;
  // A backend whose parent has not come can only be the entry's.
  return [...backends, ...all.filter((s) => s.role === 'backend' && s.functionId === null)];
}

/** Length of the union of the intervals, clipped to `clip`; one in progress lasts to its end. */
export function unionUs(
  intervals: readonly { startedUs: number; endedUs: number | null }[],
  clip: Interval,
): number {
  const clipped = intervals
    .map((i) => ({
      from: Math.max(i.startedUs, clip.startedUs),
      to: Math.min(i.endedUs ?? clip.endedUs, clip.endedUs),
    }))
    .filter((i) => i.to > i.from)
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of clipped) {
    if (to <= reached) continue;
    total += to - Math.max(from, reached);
    reached = to;
  }
  return total;
}

function lengthOf(interval: Interval | null): number | null {
  return interval === null ? null : interval.endedUs - interval.startedUs;
}
