import type { DuckDBAppender } from '@duckdb/node-api';
import { RAW_FILES } from '../../model/raw.ts';
import type { Database } from '../../store/tables/database.ts';
import { readJsonLines } from '../json-lines.ts';
import type { Problems } from '../problems.ts';
import { type Node, parseDocument } from './document.ts';
import { type TraceFacts, traceFacts } from './facts.ts';
import { assignRoles, type Span } from './roles.ts';

export const TRACE_TABLES = `
  create table spans (trace_id varchar, span_id varchar, parent_id varchar, role varchar,
    name varchar, started_us bigint, ended_us bigint, error boolean, fault boolean,
    throttle boolean, inferred boolean);
  create table traces (trace_id varchar, request_id varchar, function_name varchar,
    gateway_us bigint, service_us bigint, placement_us bigint, init_us bigint, has_init boolean,
    invocation_us bigint, backend_us bigint, backend_calls integer, overhead_us bigint,
    throttled boolean);`;

/** Reads the traces into the tables `spans` and `traces`. False where there is no such file. */
export async function loadTraces(
  database: Database,
  file: string,
  problems: Problems,
): Promise<boolean> {
  await database.run(TRACE_TABLES);
  const spanRows = await database.appender('spans');
  const traceRows = await database.appender('traces');
  const seen = new Set<string>();
  const damage = (description: string) => problems.add(RAW_FILES.traces, description);
  const found = await readJsonLines(
    file,
    (line) => {
      const trace = parseTrace(line, damage);
      if (trace === null) return;
      if (seen.has(trace.id)) return damage(`trace ${trace.id} is there twice`);
      seen.add(trace.id);
      for (const span of trace.spans.values()) appendSpan(spanRows, trace.id, span);
      appendFacts(traceRows, trace.id, traceFacts(trace.spans));
    },
    damage,
  );
  spanRows.closeSync();
  traceRows.closeSync();
  return found;
}

/** One line: a RawTrace. Null where it is none; `damage` hears of every part that is malformed. */
export function parseTrace(
  line: string,
  damage: (description: string) => void,
): { id: string; spans: Map<string, Span> } | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    damage('a line is not JSON');
    return null;
  }
  if (typeof value !== 'object' || value === null || !('Id' in value) || !('Segments' in value)) {
    damage('a line is not a trace with Id and Segments');
    return null;
  }
  const { Id: id, Segments: segments } = value;
  if (typeof id !== 'string' || id === '' || !Array.isArray(segments)) {
    damage('a line is not a trace with Id and Segments');
    return null;
  }
  if ('LimitExceeded' in value && value.LimitExceeded === true) {
    damage(`trace ${id.slice(0, 35)} exceeds the size X-Ray stores`);
  }
  const nodes: Node[] = [];
  for (const segment of segments as unknown[]) {
    const document =
      typeof segment === 'object' && segment !== null && 'Document' in segment
        ? segment.Document
        : undefined;
    if (typeof document !== 'string') damage(`trace ${id.slice(0, 35)}: a segment has no Document`);
    else for (const problem of parseDocument(document, nodes)) damage(problem);
  }
  return { id, spans: assignRoles(nodes) };
}

function appendSpan(rows: DuckDBAppender, traceId: string, span: Span): void {
  rows.appendVarchar(traceId);
  rows.appendVarchar(span.id);
  text(rows, span.parentId);
  rows.appendVarchar(span.role);
  rows.appendVarchar(span.name);
  rows.appendBigInt(BigInt(span.startedUs));
  whole(rows, span.endedUs);
  rows.appendBoolean(span.error);
  rows.appendBoolean(span.fault);
  rows.appendBoolean(span.throttle);
  rows.appendBoolean(span.inferred);
  rows.endRow();
}

function appendFacts(rows: DuckDBAppender, traceId: string, facts: TraceFacts): void {
  rows.appendVarchar(traceId);
  text(rows, facts.requestId);
  text(rows, facts.functionName);
  whole(rows, facts.gatewayUs);
  whole(rows, facts.serviceUs);
  whole(rows, facts.placementUs);
  whole(rows, facts.initUs);
  rows.appendBoolean(facts.hasInit);
  whole(rows, facts.invocationUs);
  whole(rows, facts.backendUs);
  rows.appendInteger(facts.backendCalls);
  whole(rows, facts.overheadUs);
  rows.appendBoolean(facts.throttled);
  rows.endRow();
}

function text(rows: DuckDBAppender, value: string | null): void {
  if (value === null) rows.appendNull();
  else rows.appendVarchar(value);
}

function whole(rows: DuckDBAppender, value: number | null): void {
  if (value === null) rows.appendNull();
  else rows.appendBigInt(BigInt(value));
}
