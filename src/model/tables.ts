/**
 * The tables of a trial, as Parquet. Numbers carry their unit in the name: `_us` are microseconds,
 * instants since the epoch. Written by merge, read by analysis and by anyone with DuckDB.
 */
export const TABLES = {
  /** One row per GraphQL request. outcome: see k6-samples.ts. */
  requests: {
    trace_id: 'VARCHAR',
    request_id: 'VARCHAR',
    join_key: 'BIGINT',
    started_us: 'BIGINT',
    operation: 'VARCHAR',
    scenario: 'VARCHAR',
    phase: 'VARCHAR',
    status: 'INTEGER',
    outcome: 'VARCHAR',
    error: 'VARCHAR',
    blocked_us: 'BIGINT',
    connecting_us: 'BIGINT',
    tls_us: 'BIGINT',
    sending_us: 'BIGINT',
    waiting_us: 'BIGINT',
    receiving_us: 'BIGINT',
    total_us: 'BIGINT',
    response_bytes: 'BIGINT',
    /** Whether it was sent to be traced. */
    sampled: 'BOOLEAN',
    /**
     * To the first byte of the answer: total − receiving, so blocked, sending and waiting. Null where
     * waiting is not known.
     */
    first_byte_us: 'BIGINT',
  },
  /** One row per REPORT line. environment is the log stream. */
  invocations: {
    request_id: 'VARCHAR',
    trace_id: 'VARCHAR',
    function_name: 'VARCHAR',
    environment: 'VARCHAR',
    reported_us: 'BIGINT',
    first_in_environment: 'BOOLEAN',
    cold: 'BOOLEAN',
    prewarmed: 'BOOLEAN',
    init_us: 'BIGINT',
    duration_us: 'BIGINT',
    billed_us: 'BIGINT',
    memory_mb: 'INTEGER',
    max_memory_mb: 'INTEGER',
    status: 'VARCHAR',
  },
  /** One row per X-Ray segment or subsegment; ended_us is null while in progress. */
  spans: {
    trace_id: 'VARCHAR',
    span_id: 'VARCHAR',
    parent_id: 'VARCHAR',
    role: 'VARCHAR',
    name: 'VARCHAR',
    started_us: 'BIGINT',
    ended_us: 'BIGINT',
    error: 'BOOLEAN',
    fault: 'BOOLEAN',
    throttle: 'BOOLEAN',
    inferred: 'BOOLEAN',
  },
  /** One row per CloudWatch point. dimensions: `Name=value;Name=value`, sorted. */
  metrics: {
    namespace: 'VARCHAR',
    metric: 'VARCHAR',
    dimensions: 'VARCHAR',
    statistic: 'VARCHAR',
    unit: 'VARCHAR',
    at_us: 'BIGINT',
    period_s: 'INTEGER',
    value: 'DOUBLE',
  },
  /** One row per request that reached an environment; the parts sum to total_us. */
  breakdown: {
    trace_id: 'VARCHAR',
    request_id: 'VARCHAR',
    join_key: 'BIGINT',
    phase: 'VARCHAR',
    operation: 'VARCHAR',
    outcome: 'VARCHAR',
    started_us: 'BIGINT',
    cold: 'BOOLEAN',
    first_in_environment: 'BOOLEAN',
    total_us: 'BIGINT',
    client_us: 'BIGINT',
    network_us: 'BIGINT',
    front_us: 'BIGINT',
    placement_us: 'BIGINT',
    init_us: 'BIGINT',
    backend_us: 'BIGINT',
    handler_us: 'BIGINT',
    overhead_us: 'BIGINT',
    unexplained_us: 'BIGINT',
    backend_calls: 'INTEGER',
    /** `trace`, or `report` where the REPORT line's Duration and Init stand in for a missing trace. */
    source: 'VARCHAR',
  },
} as const;
export type TableName = keyof typeof TABLES;

/** Columns that files of earlier versions lack. No figure is made of them. */
export const LATER_COLUMNS: Partial<Record<TableName, readonly string[]>> = {
  requests: ['sampled', 'first_byte_us'],
};

/** The parts of a breakdown in the order they are drawn; each is `<part>_us` in the table. */
export const PARTS = [
  'client',
  'network',
  'front',
  'placement',
  'init',
  'handler',
  'backend',
  'overhead',
  'unexplained',
] as const;
export type Part = (typeof PARTS)[number];

export const SPAN_ROLES = [
  'gateway',
  'integration',
  'service',
  'function',
  'init',
  'invocation',
  'overhead',
  'backend',
  'other',
] as const;
export type SpanRole = (typeof SPAN_ROLES)[number];
