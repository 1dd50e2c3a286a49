/**
 * A segment document of X-Ray, checked by hand: half the time of a schema library over half a
 * million traces. Never throws; what is malformed is described and left out.
 */

/** A segment or subsegment, flattened; instants in microseconds since the epoch. */
export interface Node {
  id: string;
  /** The enclosing segment or subsegment, or the one a segment says is its parent. */
  parentId: string | null;
  /** False for what was found in another's `subsegments`, or says that it is a subsegment. */
  isSegment: boolean;
  name: string;
  origin: string | null;
  namespace: string | null;
  hasSql: boolean;
  startedUs: number;
  /** Null while in progress. */
  endedUs: number | null;
  error: boolean;
  fault: boolean;
  throttle: boolean;
  inferred: boolean;
  /** `aws.request_id` */
  requestId: string | null;
}

type Fields = Record<string, unknown>;

/** Deeper than any real trace (a document is at most 64 KB), shallow enough for the stack. */
const MAX_DEPTH = 100;
/** The year 2286: beyond it a number is not seconds since the epoch. */
const MAX_EPOCH_S = 1e10;

/**
 * Parses one document into `nodes`. Returns descriptions of what was malformed; a malformed
 * subsegment costs itself and what is in it, not its document.
 */
export function parseDocument(text: string, nodes: Node[]): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [`segment document of ${text.length} characters is not JSON`];
  }
  const problems: string[] = [];
  visit(value, null, 0, nodes, problems);
  return problems;
}

function visit(
  value: unknown,
  enclosing: string | null,
  depth: number,
  nodes: Node[],
  problems: string[],
): void {
  const kind = enclosing === null ? 'segment' : 'subsegment';
  if (!isFields(value)) {
    problems.push(`${kind} is not an object`);
    return;
  }
  if (depth > MAX_DEPTH) {
    problems.push(`subsegments nested deeper than ${MAX_DEPTH}`);
    return;
  }
  const id = value.id;
  if (typeof id !== 'string' || id === '') {
    problems.push(`${kind} has no id`);
    return;
  }
  const startedUs = epochUs(value.start_time);
  if (startedUs === null) {
    problems.push(`${kind} ${shown(id)} has no start_time in epoch seconds`);
    return;
  }
  let endedUs = value.end_time === undefined ? null : epochUs(value.end_time);
  if (value.end_time !== undefined && (endedUs === null || endedUs < startedUs)) {
    problems.push(`${kind} ${shown(id)} ends before it starts or at no instant`);
    endedUs = null;
  }
  const aws = value.aws;
  nodes.push({
    id,
    parentId: enclosing ?? textOf(value.parent_id),
    isSegment: enclosing === null && value.type !== 'subsegment',
    name: textOf(value.name) ?? '',
    origin: textOf(value.origin),
    namespace: textOf(value.namespace),
    hasSql: isFields(value.sql),
    startedUs,
    endedUs: value.in_progress === true ? null : endedUs,
    error: value.error === true,
    fault: value.fault === true,
    throttle: value.throttle === true,
    inferred: value.inferred === true,
    requestId: isFields(aws) ? textOf(aws.request_id) : null,
  });
  const inner = value.subsegments;
  if (inner === undefined) return;
  if (!Array.isArray(inner)) {
    problems.push(`${kind} ${shown(id)}: subsegments is not a list`);
    return;
  }
  for (const child of inner) visit(child, id, depth + 1, nodes, problems);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function epochUs(value: unknown): number | null {
  if (typeof value !== 'number' || !(value > 0 && value < MAX_EPOCH_S)) return null;
  return Math.round(value * 1e6);
}

function shown(id: string): string {
  return JSON.stringify(id.slice(0, 32));
}
