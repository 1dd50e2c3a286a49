import { type Database, literal } from '../store/tables/database.ts';
import { CLOCK_STEP_US } from '../store/telemetry/facts.ts';
import { inGivenOrder, keyOf } from './join-keys.ts';

/**
 * Joins traces with REPORT lines, for which no request need be known: makes the table `telemetry`, a row
 * per trace id, and `report_of_request`.
 */
export async function joinTelemetry(database: Database): Promise<void> {
  // Nearly always a request has one line and a trace one request: then there is nothing to choose.
  const { lines, shared } = await database.row<{ lines: boolean; shared: boolean }>(REPEATED);
  await database.run(lines ? FIRST_OF_REQUEST : 'create view report_of_request as from reports');
  await database.run(shared ? BEST_OF_TRACE : 'create view report_of_trace as from reports');
  await database.run(TELEMETRY);
}

/**
 * Joins requests, as they were written, with traces and REPORT lines.
 *
 * - a request's trace: see resolveTraceIds
 * - its REPORT line: by trace id (of several, the one whose request id the service segment names, else
 *   the first); a line without a trace id by the request id of the trace or the one that came back
 * - first: the REPORT line has an Init Duration, or the trace an init
 * - cold: first, and the init overlaps the wait by more than a step of X-Ray's clock (a request that
 *   comes within a millisecond of the end of an init nobody waited for is not cold); where no trace
 *   tells, a first request is cold
 *
 * `reached`: an environment saw the request, or must have. It has an invocation or a function in its
 * trace; or it was answered, not turned away (403, 404, 413), throttled (429) or refused by the host
 * (503), and where it failed no trace shows that no function ran (a REST API answers a throttle with
 * 500).
 *
 * Ids are joined by 64-bit hashes: of 500,000 two are the same with a probability of 10⁻⁸, and a join of
 * numbers takes a fraction of the time and memory of one of texts.
 *
 * Makes the table `joined`, a row per request with what the breakdown needs and what is counted, and the
 * view `invocations`. Traces and lines are read where they are needed: reading their files takes less
 * than the memory of a table costs.
 */
export async function joinAll(database: Database, requestsFile: string): Promise<void> {
  await inGivenOrder(database, () => database.run(joinedSql(requestsFile)));
  const { many, beganUs } = await database.row<{ many: boolean; beganUs: number | null }>(
    `select count(report_rk) > count(distinct report_rk) as many, min(started_us) as "beganUs"
     from joined`,
  );
  await database.run(invocationsSql(many ? FIRST_OF_LINE : ONE_OF_LINE, beganUs));
}

const REPEATED = `
  select (select coalesce(max(n), 0) > 1 from (select count(*) as n from reports group by rk)) as lines,
    (select coalesce(max(n), 0) > 1 from
      (select count(*) as n from reports where tk is not null group by tk)) as shared`;

const FIRST_OF_REQUEST = `
  create table report_of_request as
  select * from reports
  qualify row_number() over (partition by rk order by reported_us) = 1`;

/** One report per trace id; those without one are found by request id. */
const BEST_OF_TRACE = `
  create table report_of_trace as
  select r.* from reports r left join traces t on t.tk = r.tk
  where r.tk is not null
  qualify row_number() over (partition by r.tk
    order by (r.request_id = t.request_id) desc nulls last, r.reported_us, r.request_id) = 1`;

/** Where there is a line, the request is the one it names. */
const TELEMETRY = `
  create table telemetry as
  select coalesce(t.tk, a.tk) as tk, t.tk is not null as traced,
    coalesce(a.request_id, t.request_id) as request_id, t.gateway_us, t.service_us, t.placement_us,
    t.init_us as trace_init_us, t.has_init, t.invocation_us, t.backend_us, t.backend_calls,
    t.overhead_us, t.throttled, a.rk, a.duration_us, a.init_us
  from traces t full join (from report_of_trace where tk is not null) a on a.tk = t.tk`;

/** Of the line found by trace id, by the trace's request id or by the one that came back. */
const ofLine = (column: string) =>
  `case when t.rk is not null then t.${column} when b.rk is not null then b.${column} else c.${column} end`;

/**
 * One table of all, made in one pass: each of its joins is one of numbers, with keys that are there once.
 * Conditions beside plain equalities would make them nested loops.
 */
const joinedSql = (requestsFile: string) => `
  create table joined as
  with sent as (
    select trace_id, request_id, join_key, phase, operation, outcome, started_us, total_us, waiting_us,
      receiving_us, status, sampled, hash(trace_id) as tk, ${keyOf('request_id')} as qk
    from read_parquet(${literal(requestsFile)})),
  without_trace as (select * from report_of_request where tk is null)
  select q.* exclude (request_id, qk),
    t.gateway_us, t.service_us, t.placement_us, t.trace_init_us,
    t.has_init, t.invocation_us, t.backend_us, t.backend_calls, t.overhead_us,
    coalesce(t.rk, b.rk, c.rk) as report_rk, report_rk is not null as has_report,
    ${ofLine('duration_us')} as duration_us, ${ofLine('init_us')} as report_init_us,
    coalesce(${ofLine('request_id')}, t.request_id, q.request_id) as invoked_request_id,
    report_init_us is not null or coalesce(t.has_init, false) as first_in_environment,
    first_in_environment and (not coalesce(t.has_init, false) or trace_init_us is null
      or trace_init_us > ${CLOCK_STEP_US}) as cold,
    has_report or t.invocation_us is not null
      or (q.status > 0 and q.status not in (403, 404, 413, 429, 503)
        and not coalesce(t.throttled, false) and (q.status < 400 or not coalesce(t.traced, false))) as reached
  from sent q
  left join telemetry t on t.tk = q.tk
  left join without_trace b on b.rk = ${keyOf('t.request_id')}
  left join without_trace c on c.rk = q.qk`;

const ONE_OF_LINE = 'select report_rk, trace_id, tk, cold from joined where has_report';
/** Of several requests the first. */
const FIRST_OF_LINE = `${ONE_OF_LINE}
  qualify row_number() over (partition by report_rk order by started_us) = 1`;

/** A REPORT from before the first request is of something else: the log group outlives trials. */
const invocationsSql = (requestOfLine: string, beganUs: number | null) => `
  create view invocations as
  with known as (${requestOfLine})
  select r.request_id, coalesce(r.trace_id, j.trace_id) as trace_id, t.function_name,
    r.environment, r.reported_us, r.init_us is not null as first_in_environment,
    r.init_us is not null and coalesce(j.cold, true) as cold,
    r.init_us is not null and not coalesce(j.cold, true) as prewarmed,
    r.init_us, r.duration_us, r.billed_us, r.memory_mb, r.max_memory_mb, r.status
  from reports r
  left join known j on j.report_rk = r.rk
  left join traces t on t.tk = coalesce(r.tk, j.tk)
  where j.trace_id is not null
    or r.reported_us >= ${beganUs}`;
