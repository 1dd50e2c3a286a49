import { REQUEST_METRIC } from '../../model/k6-samples.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { csvScan, type SampleFile } from './csv-file.ts';
import { decoded, keyValue, LOST, outcomeSql, type RequestCounts, taggedSql } from './fields.ts';

const HTTP_METRICS = [
  'duration',
  'blocked',
  'connecting',
  'tls_handshaking',
  'sending',
  'waiting',
  'receiving',
];

const OWN = `metric_name = '${REQUEST_METRIC}'`;
const DURATION = `metric_name = 'http_req_duration'`;

/** @returns what is counted of a file that has the timings in samples of their own; makes the view `sent` of the table `sent_rows`. */
export async function importPivoted(database: Database, file: SampleFile): Promise<RequestCounts> {
  for (const sql of pivotSql(file)) await database.run(sql);
  const counts = await database.row<{ [Count in keyof RequestCounts]: number }>(`
    select coalesce(sum(malformed), 0)::bigint as malformed,
      count(*) filter (not finished) as unfinished,
      count(*) filter (finished and odd_outcome) as "oddOutcomes",
      ${LOST} as "lostSamples"
    from began`);
  await database.run(`
    delete from began where not finished or started_us is null;
    alter table began drop column malformed;
    alter table began drop column finished;
    alter table began rename to sent_rows;
    create view sent as from sent_rows;
    drop table pivoted; drop table tagged`);
  return counts;
}

/**
 * The trace id of a sample, for grouping: as long as X-Ray's are, which is what scenarios make. Only the
 * script's own sample has a second key that ends alike.
 */
const GROUPED_BY = `case when ${OWN} then ${keyValue('metadata', 'trace_id')}
  else substr(metadata, position('trace_id=' in metadata) + 9, 35) end`;

const us = (name: string) => `round(${name} * 1000)::bigint`;

/**
 * Of a file whose `graphql_request` samples have no timings, as earlier versions wrote it: made of the
 * nine samples of each request, in one pass over the file. What is grouped by
 * is a hash of the trace id, which is no string to keep eight times a request: of 500,000 ids two have
 * the same with a probability of 10⁻⁸.
 *
 * total = blocked + duration; a sample's time is the end of its request, so started = time − total.
 * Where the HTTP samples were lost, the script's own sample still has the total.
 */
function pivotSql(file: SampleFile): string[] {
  const column = (name: string) => (file.columns.has(name) ? name : `''`);
  const longest = (metric: string) =>
    `max(ms) filter (metric_name = 'http_req_${metric}') as ${metric}_ms`;
  const metrics = [...HTTP_METRICS.map((m) => `http_req_${m}`), REQUEST_METRIC].map(literal);
  const pivoted = `
    create table pivoted as
    with samples as (
      select metric_name, metadata, extra_tags, ${column('status')} as status,
        ${column('scenario')} as scenario, try_cast(timestamp as bigint) as at_us,
        try_cast(metric_value as double) as ms, ${GROUPED_BY} as id
      from ${csvScan(file)}
      where metric_name in (${metrics.join(', ')}) and contains(metadata, 'trace_id='))
      select ${HTTP_METRICS.map(longest).join(',\n        ')},
        max(at_us) filter (${DURATION}) as ended_us,
        any_value(status) filter (${DURATION}) as http_status,
        any_value(metadata) filter (${DURATION}) as http_metadata,
        any_value(scenario) filter (${OWN}) as k6_scenario,
        max(ms) filter (${OWN}) as own_total,
        max(at_us) filter (${OWN}) as own_at_us,
        any_value(extra_tags) filter (${OWN}) as tags,
        any_value(metadata) filter (${OWN}) as metadata,
        count(*) filter (ms is null or at_us is null) as malformed
      from samples where id <> '' group by hash(id)`;
  const began = `
    create table began as
    with fields as (
      select pivoted.*, operation, phase, own_outcome, odd_outcome,
        ${keyValue('metadata', 'trace_id')} as sent_id,
        ${keyValue('metadata', 'returned_trace_id')} as returned_id,
        ${keyValue('metadata', 'request_id')} as own_request_id,
        ${keyValue('metadata', 'error')} as own_error,
        coalesce(try_cast(${keyValue('metadata', 'http_status')} as integer),
          try_cast(http_status as integer), 0) as status_number,
        coalesce(round((blocked_ms + duration_ms) * 1000), round(own_total * 1000))::bigint as total
      from pivoted left join tagged on tagged.tags is not distinct from pivoted.tags)
    select ${decoded('sent_id')} as sent_trace_id,
      nullif(${decoded('returned_id')}, '') as returned_trace_id,
      nullif(${decoded('own_request_id')}, '') as request_id,
      try_cast(${keyValue('coalesce(metadata, http_metadata)', 'join_key')} as bigint) as join_key,
      coalesce(ended_us, own_at_us) - total as started_us,
      operation,
      ${decoded('k6_scenario')} as scenario,
      phase,
      status_number as status, odd_outcome,
      ${outcomeSql('status_number')} as outcome,
      nullif(${decoded('own_error')}, '') as error,
      ${us('blocked_ms')} as blocked_us, ${us('connecting_ms')} as connecting_us,
      ${us('tls_handshaking_ms')} as tls_us, ${us('sending_ms')} as sending_us,
      ${us('waiting_ms')} as waiting_us, ${us('receiving_ms')} as receiving_us,
      -- Blocked, sending and waiting: what is not receiving.
      case when waiting_ms is not null then total - coalesce(${us('receiving_ms')}, 0) end
        as first_byte_us,
      total as total_us,
      try_cast(${keyValue('metadata', 'response_bytes')} as bigint) as response_bytes,
      coalesce(${keyValue('metadata', 'sampled')} <> '0', true) as sampled,
      own_total is not null as finished, malformed
    from fields`;
  return [pivoted, taggedSql('select distinct tags from pivoted'), began];
}
