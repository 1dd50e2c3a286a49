import {
  REQUEST_FIELDS,
  REQUEST_METADATA,
  REQUEST_METRIC,
  type RequestField,
} from '../../model/k6-samples.ts';
import type { Database } from '../../store/tables/database.ts';
import { csvScan, type SampleFile } from './csv-file.ts';
import { decoded, LOST, outcomeSql, type RequestCounts, taggedSql } from './fields.ts';

const OWN = `metric_name = '${REQUEST_METRIC}'`;
/** What DuckDB calls the first of a list is 1. */
const field = (name: RequestField) => `f[${REQUEST_FIELDS.indexOf(name) + 1}]`;
const whole = (name: RequestField) => `try_cast(${field(name)} as bigint)`;
const text = (name: RequestField) => `nullif(${decoded(field(name))}, '')`;

/** @returns what is counted of a file that has all fields of a request in one sample; makes the table `sent`. */
export async function importPacked(database: Database, file: SampleFile): Promise<RequestCounts> {
  for (const sql of packedSql(file)) await database.run(sql);
  const counts = await database.row<{ [Count in keyof RequestCounts]: number }>(COUNTS);
  await database.run('drop table picked; drop table tagged');
  return counts;
}

const COUNTS = `
  with unfinished as (
    select ended_key as join_key from picked
    where not own and not exists (select 1 from sent where join_key = ended_key)),
  began as (select join_key from sent union all select join_key from unfinished)
  select
    (select count(*) from picked where not own and (at_us is null or ms is null))
      + (select count(*) from picked where own) - (select count(*) from sent) as malformed,
    (select count(*) from unfinished) as unfinished,
    (select count(*) from sent where odd_outcome) as "oddOutcomes",
    (select ${LOST} from began) as "lostSamples"`;

/**
 * Of a file whose `graphql_request` samples have all fields of their request: of the others only the
 * instant of the request's end is read, and that it began.
 *
 * started = end − total. Where the HTTP samples were lost, the script's own sample came no more than its
 * checks later.
 */
function packedSql(file: SampleFile): string[] {
  const own = (column: string) =>
    file.columns.has(column) ? `case when ${OWN} then ${column} end` : `''`;
  const picked = `
    create table picked as
    select ${OWN} as own, try_cast(timestamp as bigint) as at_us,
      try_cast(metric_value as double) as ms,
      ${own('metadata')} as packed, ${own('extra_tags')} as tags, ${own('scenario')} as k6_scenario,
      case when not ${OWN} then
        try_cast(split_part(split_part(metadata, 'join_key=', 2), '&', 1) as bigint) end as ended_key
    from ${csvScan(file)}
    where metric_name in ('${REQUEST_METRIC}', 'http_req_duration') and metadata <> ''`;
  const sent = `
    create table sent as
    with split as (
      select at_us, ms, tags, k6_scenario, string_split(packed, ';') as f from picked where own),
    fields as (
      select * exclude (f), f[1][${REQUEST_METADATA.length + 2}:] as trace_id,
        ${whole('join_key')} as join_key, ${whole('total_us')} as total_us,
        ${whole('blocked_us')} as blocked_us, ${whole('connecting_us')} as connecting_us,
        ${whole('tls_us')} as tls_us, ${whole('sending_us')} as sending_us,
        ${whole('waiting_us')} as waiting_us, ${whole('receiving_us')} as receiving_us,
        coalesce(try_cast(${field('http_status')} as integer), 0) as status_number,
        ${whole('response_bytes')} as response_bytes, ${field('sampled')} <> '0' as sampled,
        ${text('request_id')} as request_id, ${text('returned_trace_id')} as returned_trace_id,
        ${text('error')} as error
      from split
      where len(f) >= ${REQUEST_FIELDS.length} and ms is not null)
    select ${decoded('trace_id')} as sent_trace_id, returned_trace_id, request_id, join_key,
      coalesce(ended.at_us, fields.at_us) - total_us as started_us,
      operation, ${decoded('k6_scenario')} as scenario, phase,
      status_number as status, odd_outcome, ${outcomeSql('status_number')} as outcome, error,
      blocked_us, connecting_us, tls_us, sending_us, waiting_us, receiving_us,
      total_us - receiving_us as first_byte_us, total_us, response_bytes, sampled
    from fields
    left join (select ended_key, at_us from picked where not own) ended on ended_key = join_key
    left join tagged on tagged.tags is not distinct from fields.tags
    where total_us is not null and coalesce(ended.at_us, fields.at_us) is not null`;
  return [picked, taggedSql('select distinct tags from picked where own'), sent];
}
