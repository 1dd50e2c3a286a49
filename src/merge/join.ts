import type { Database } from '../store/tables/database.ts';
import { CLOCK_STEP_US } from '../store/telemetry/facts.ts';

/**
 * Joins requests, traces and REPORT lines.
 *
 * - a request's trace: the id sent; where nothing is known under it, the one that came back; then the
 *   one of the REPORT line with the request id that came back
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
 * Makes the table `joined`, a row per request with its own columns and what the breakdown needs, and the
 * view `invocations`.
 */
export async function joinAll(database: Database): Promise<void> {
  // Nearly always a request has one line and a trace one request: then there is nothing to choose.
  const { lines, shared } = await database.row<{ lines: boolean; shared: boolean }>(REPEATED);
  await database.run(lines ? FIRST_OF_REQUEST : 'create view report_of_request as from reports');
  await database.run(shared ? BEST_OF_TRACE : 'create view report_of_trace as from reports');
  await database.run(JOINED);
  await database.run('drop table sent');
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

const keyOf = (id: string) => `case when ${id} is not null then hash(${id}) end`;

/** Of the line found by trace id, by the trace's request id or by the one that came back. */
const ofLine = (column: string) =>
  `case when a.rk is not null then a.${column} when b.rk is not null then b.${column} else c.${column} end`;

/**
 * One table of all, made in one pass: each of its joins is one of numbers, with keys that are there once.
 * Conditions beside plain equalities would make them nested loops.
 */
const JOINED = `
  create table joined as
  with keyed as (
    select *, hash(sent_trace_id) as sk, ${keyOf('returned_trace_id')} as bk,
      ${keyOf('request_id')} as qk
    from sent),
  known as materialized (
    select tk from traces union select tk from reports where tk is not null),
  without_trace as (select * from report_of_request where tk is null),
  requests as (
    select s.* exclude (sent_trace_id, returned_trace_id, odd_outcome, sk, bk),
      case when k.tk is not null then s.sent_trace_id
        when l.tk is not null then s.returned_trace_id
        else coalesce(r.trace_id, s.returned_trace_id, s.sent_trace_id) end as trace_id,
      case when k.tk is not null then s.sk when l.tk is not null then s.bk
        else coalesce(r.tk, s.bk, s.sk) end as tk
    from keyed s
    left join known k on k.tk = s.sk
    left join known l on l.tk = s.bk
    -- The way by the request id is asked for only where no other is known.
    left join report_of_request r on r.rk = case when k.tk is null and l.tk is null then s.qk end)
  select q.* exclude (qk),
    t.tk is not null as traced, t.gateway_us, t.service_us, t.placement_us,
    t.init_us as trace_init_us, t.has_init, t.invocation_us, t.backend_us, t.backend_calls,
    t.overhead_us,
    coalesce(a.rk, b.rk, c.rk) as report_rk, report_rk is not null as has_report,
    ${ofLine('duration_us')} as duration_us, ${ofLine('init_us')} as report_init_us,
    coalesce(${ofLine('request_id')}, t.request_id, q.request_id) as invoked_request_id,
    report_init_us is not null or coalesce(t.has_init, false) as first_in_environment,
    first_in_environment and (not coalesce(t.has_init, false) or trace_init_us is null
      or trace_init_us > ${CLOCK_STEP_US}) as cold,
    has_report or t.invocation_us is not null
      or (q.status > 0 and q.status not in (403, 404, 413, 429, 503)
        and not coalesce(t.throttled, false) and (q.status < 400 or not traced)) as reached
  from requests q
  left join traces t on t.tk = q.tk
  left join report_of_trace a on a.tk = q.tk
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
