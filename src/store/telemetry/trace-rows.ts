import { join } from 'node:path';
import { RAW_FILES } from '../../model/raw.ts';
import { TABLES } from '../../model/tables.ts';
import { Database, type DatabaseOptions } from '../tables/database.ts';
import { traceFacts } from './facts.ts';
import type { ParsedTrace } from './parse-trace.ts';
import { RowFile, type RowValue } from './row-file.ts';

/** What the merge needs of a trace. `problems`: what in it was malformed, a line each. */
export const TRACE_COLUMNS = {
  trace_id: 'VARCHAR',
  request_id: 'VARCHAR',
  function_name: 'VARCHAR',
  gateway_us: 'BIGINT',
  service_us: 'BIGINT',
  placement_us: 'BIGINT',
  init_us: 'BIGINT',
  has_init: 'BOOLEAN',
  invocation_us: 'BIGINT',
  backend_us: 'BIGINT',
  backend_calls: 'INTEGER',
  overhead_us: 'BIGINT',
  throttled: 'BOOLEAN',
  problems: 'VARCHAR',
} as const;

/** Of a trace that was written more than once the rows with the highest count. */
const READ = { read: 'INTEGER' } as const;

/**
 * A trial's traces as rows: its spans as they will be in spans.parquet, and a row of facts each. Two
 * Parquet files beside the raw documents, from which they can be made again.
 */
export class TraceRows {
  readonly #spans: RowFile;
  readonly #traces: RowFile;
  /** How often traces were written that were written again. */
  readonly #rewritten = new Map<string, number>();

  constructor(folder: string) {
    this.#spans = new RowFile(join(folder, RAW_FILES.spanRows), { ...TABLES.spans, ...READ });
    this.#traces = new RowFile(join(folder, RAW_FILES.traceRows), { ...TRACE_COLUMNS, ...READ });
  }

  /**
   * Adds the rows of a trace; where a promise comes back, more may be added when it resolves.
   * @param again whether the trace's earlier rows are to go
   */
  add(trace: ParsedTrace, again: boolean): Promise<void> | undefined {
    const read = again ? (this.#rewritten.get(trace.id) ?? 1) + 1 : 1;
    if (again) this.#rewritten.set(trace.id, read);
    let full: Promise<void> | undefined;
    for (const span of trace.spans.values()) {
      const room = this.#spans.add([
        trace.id,
        span.id,
        span.parentId,
        span.role,
        span.name,
        span.startedUs,
        span.endedUs,
        span.error,
        span.fault,
        span.throttle,
        span.inferred,
        read,
      ]);
      full = bothOf(full, room);
    }
    const facts = factsOf(trace);
    facts.push(read);
    return bothOf(full, this.#traces.add(facts));
  }

  /** Makes the two files. */
  async finish(options: DatabaseOptions): Promise<void> {
    await this.#spans.close();
    await this.#traces.close();
    const last =
      this.#rewritten.size === 0
        ? null
        : `(trace_id, read) in (select (trace_id, max(read)) from ${this.#traces.rows()} group by trace_id)`;
    const database = await Database.open(options);
    try {
      await this.#spans.publish(database, Object.keys(TABLES.spans), last);
      await this.#traces.publish(database, Object.keys(TRACE_COLUMNS), last);
    } finally {
      database.close();
    }
  }

  async discard(): Promise<void> {
    await this.#spans.discard();
    await this.#traces.discard();
  }
}

function bothOf(
  one: Promise<void> | undefined,
  other: Promise<void> | undefined,
): Promise<void> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Promise.all([one, other]).then(() => {});
}

function factsOf({ id, spans, problems }: ParsedTrace): RowValue[] {
  const facts = traceFacts(spans);
  return [
    id,
    facts.requestId,
    facts.functionName,
    facts.gatewayUs,
    facts.serviceUs,
    facts.placementUs,
    facts.initUs,
    facts.hasInit,
    facts.invocationUs,
    facts.backendUs,
    facts.backendCalls,
    facts.overheadUs,
    facts.throttled,
    problems.length === 0 ? null : problems.join('\n'),
  ];
}
