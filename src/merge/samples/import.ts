import { OUTCOMES, REQUEST_METRIC } from '../../model/k6-samples.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import type { Problems } from '../problems.ts';
import { csvScan, openSamples, type SampleFile } from './csv-file.ts';

const HTTP_METRICS = [
  'duration',
  'blocked',
  'connecting',
  'tls_handshaking',
  'sending',
  'waiting',
  'receiving',
];

/**
 * Reads k6's samples into the table `sent`: one row per request, still with the ids that came back.
 * All samples of a request carry its trace id. Requests k6 began but did not finish (no
 * `graphql_request` sample: the load ended first) are counted and left out.
 */
export async function importSamples(
  database: Database,
  path: string,
  tempFolder: string,
  problems: Problems,
): Promise<{ unfinished: number; lostSamples: number }> {
  const file = openSamples(path, tempFolder);
  if (file.cutOff) problems.add(RAW_FILES.k6Samples, 'the last line is cut off');
  await database.run(pivotSql(file));
  await database.run(SENT);
  const rejected = await database.row<{ n: number; example: string | null }>(
    `select count(distinct line) as n, any_value(error_message) as example from reject_errors`,
  );
  for (let i = 0; i < rejected.n; i += 1) {
    problems.add(RAW_FILES.k6Samples, 'a line has not the columns of the header');
  }
  const odd = await database.row<{ malformed: number; outcomes: number; unfinished: number }>(`
    select coalesce(sum(malformed), 0)::bigint as malformed,
      count(*) filter (own_total is null) as unfinished,
      (select count(*) from sent where odd_outcome) as outcomes
    from pivoted`);
  for (let i = 0; i < odd.malformed; i += 1) {
    problems.add(RAW_FILES.k6Samples, 'a sample has no number where its time or value should be');
  }
  for (let i = 0; i < odd.outcomes; i += 1) {
    problems.add(RAW_FILES.k6Samples, 'a graphql_request sample has no known outcome');
  }
  // The keys count up without gaps from 0; what is missing was sent and its samples were lost.
  const keys = await database.row<{ lost: number }>(`
    select coalesce(greatest(max(join_key) + 1 - count(distinct join_key), 0), 0) as lost
    from pivoted`);
  await database.run('drop table pivoted');
  return { unfinished: odd.unfinished, lostSamples: keys.lost };
}

/** The value of a key in k6's `k=v&k=v`, empty where there is none. Quicker than a pattern. */
function field(column: string, key: string): string {
  return `split_part(split_part('&' || ${column}, '&${key}=', 2), '&', 1)`;
}

/** Decodes a percent-encoded value; one that is not well encoded stays as it is. */
function decoded(expression: string): string {
  return `coalesce(try(url_decode(${expression})), ${expression})`;
}

function pivotSql(file: SampleFile): string {
  const column = (name: string) => (file.columns.has(name) ? name : `''`);
  const longest = (metric: string) =>
    `max(ms) filter (metric_name = 'http_req_${metric}') as ${metric}_ms`;
  const metrics = [...HTTP_METRICS.map((m) => `http_req_${m}`), REQUEST_METRIC].map(literal);
  return `
    create table pivoted as
    select trace_id,
      ${HTTP_METRICS.map(longest).join(',\n      ')},
      max(at_us) filter (metric_name = 'http_req_duration') as ended_us,
      any_value(status) filter (metric_name = 'http_req_duration') as http_status,
      any_value(scenario) as scenario,
      max(ms) filter (metric_name = '${REQUEST_METRIC}') as own_total,
      max(at_us) filter (metric_name = '${REQUEST_METRIC}') as own_at_us,
      any_value(extra_tags) filter (metric_name = '${REQUEST_METRIC}') as tags,
      any_value(metadata) filter (metric_name = '${REQUEST_METRIC}') as metadata,
      any_value(try_cast(${field('metadata', 'join_key')} as bigint)) as join_key,
      count(*) filter (ms is null or at_us is null) as malformed
    from (
      select metric_name, metadata, extra_tags, ${column('status')} as status,
        ${column('scenario')} as scenario, try_cast(timestamp as bigint) as at_us,
        try_cast(metric_value as double) as ms, ${field('metadata', 'trace_id')} as trace_id
      from ${csvScan(file)}
      where metric_name in (${metrics.join(', ')}))
    where trace_id <> ''
    group by trace_id`;
}

const us = (name: string) => `round(${name} * 1000)::bigint`;

/**
 * total = blocked + duration; a sample's time is the end of its request, so started = time − total.
 * Where the HTTP samples were lost, the script's own sample still has the total.
 */
const SENT = `
  create table sent as
  with fields as (
    select *, ${field('metadata', 'http_status')} as own_status,
      ${decoded(field('tags', 'outcome'))} as own_outcome,
      coalesce(try_cast(${field('metadata', 'http_status')} as integer),
        try_cast(http_status as integer), 0) as status_number,
      coalesce(round((blocked_ms + duration_ms) * 1000), round(own_total * 1000))::bigint as total
    from pivoted where own_total is not null and coalesce(ended_us, own_at_us) is not null)
  select ${decoded('trace_id')} as sent_trace_id,
    nullif(${decoded(field('metadata', 'returned_trace_id'))}, '') as returned_trace_id,
    nullif(${decoded(field('metadata', 'request_id'))}, '') as request_id,
    join_key,
    coalesce(ended_us, own_at_us) - total as started_us,
    ${decoded(field('tags', 'operation'))} as operation,
    ${decoded('scenario')} as scenario,
    coalesce(nullif(${field('tags', 'phase')}, ''), 'hold') as phase,
    status_number as status,
    own_outcome not in (${OUTCOMES.map(literal).join(', ')}) as odd_outcome,
    case when not odd_outcome then own_outcome
      when status_number = 0 then 'network_error' else 'http_error' end as outcome,
    nullif(${decoded(field('metadata', 'error'))}, '') as error,
    ${us('blocked_ms')} as blocked_us, ${us('connecting_ms')} as connecting_us,
    ${us('tls_handshaking_ms')} as tls_us, ${us('sending_ms')} as sending_us,
    ${us('waiting_ms')} as waiting_us, ${us('receiving_ms')} as receiving_us,
    total as total_us,
    try_cast(${field('metadata', 'response_bytes')} as bigint) as response_bytes,
    coalesce(${field('metadata', 'sampled')} <> '0', true) as sampled
  from fields`;
