import type { Database } from '../store/tables/database.ts';
import { CLOCK_STEP_US } from './traces/facts.ts';

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
 */
export async function joinAll(database: Database): Promise<void> {
  await database.run(KNOWN);
  await database.run('drop table sent; drop table known_ids');
  await database.run(INVOCATION_OF_TRACE);
  await database.run(CHOSEN);
  await database.run(JOINED);
  await database.run(INVOCATIONS);
  await database.run(`drop table report_of_trace; drop table report_of_request; drop table untraced_report;
    drop table chosen;
    drop table reports; drop table traces`);
}

const KNOWN = `
  create table known_ids as
  select trace_id from traces union select trace_id from reports where trace_id is not null;
  create table report_of_request as
  select * from reports
  qualify row_number() over (partition by request_id order by reported_us) = 1;
  create table requests as
  select s.* exclude (sent_trace_id, returned_trace_id, odd_outcome),
    case when k.trace_id is not null then s.sent_trace_id
      when l.trace_id is not null then s.returned_trace_id
      else coalesce(r.trace_id, s.returned_trace_id, s.sent_trace_id) end as trace_id
  from sent s
  left join known_ids k on k.trace_id = s.sent_trace_id
  left join known_ids l on l.trace_id = s.returned_trace_id
  left join report_of_request r on r.request_id = s.request_id`;

/** One report per trace id; those without one are found by request id. */
const INVOCATION_OF_TRACE = `
  create table report_of_trace as
  select r.* from reports r left join traces t on t.trace_id = r.trace_id
  where r.trace_id is not null
  qualify row_number() over (partition by r.trace_id
    order by (r.request_id = t.request_id) desc nulls last, r.reported_us, r.request_id) = 1;
  create table untraced_report as select * from report_of_request where trace_id is null`;

/** In two steps, each with plain equalities: conditions beside them would make it a nested loop. */
const CHOSEN = `
  create table chosen as
  select q.trace_id, q.join_key,
    coalesce(a.request_id, b.request_id, c.request_id) as report_request_id
  from requests q
  left join traces t on t.trace_id = q.trace_id
  left join report_of_trace a on a.trace_id = q.trace_id
  left join untraced_report b on b.request_id = t.request_id
  left join untraced_report c on c.request_id = q.request_id`;

const JOINED = `
  create table joined as
  select q.trace_id, q.join_key, q.phase, q.operation, q.outcome, q.status, q.started_us,
    q.sampled,
    q.total_us, coalesce(q.waiting_us, q.total_us) as waiting_us,
    t.gateway_us, t.service_us, t.placement_us, t.init_us as trace_init_us, t.has_init,
    t.invocation_us, t.backend_us, t.backend_calls, t.overhead_us,
    r.request_id as report_request_id, r.duration_us, r.init_us as report_init_us,
    coalesce(r.request_id, t.request_id, q.request_id) as request_id,
    r.request_id is not null as has_report,
    report_init_us is not null or coalesce(t.has_init, false) as first_in_environment,
    first_in_environment and (not coalesce(t.has_init, false) or t.init_us is null
      or t.init_us > ${CLOCK_STEP_US}) as cold,
    has_report or t.invocation_us is not null
      or (q.status > 0 and q.status not in (403, 404, 413, 429, 503)
        and not coalesce(t.throttled, false) and (q.status < 400 or t.trace_id is null)) as reached
  from requests q
  join chosen c on c.trace_id = q.trace_id
  left join traces t on t.trace_id = q.trace_id
  left join report_of_request r on r.request_id = c.report_request_id`;

/** A REPORT from before the first request is of something else: the log group outlives trials. */
const INVOCATIONS = `
  create table invocations as
  select r.request_id, coalesce(r.trace_id, j.trace_id) as trace_id, t.function_name,
    r.environment, r.reported_us, r.init_us is not null as first_in_environment,
    r.init_us is not null and coalesce(j.cold, true) as cold,
    r.init_us is not null and not coalesce(j.cold, true) as prewarmed,
    r.init_us, r.duration_us, r.billed_us, r.memory_mb, r.max_memory_mb, r.status
  from reports r
  left join (select * from joined where has_report
    qualify row_number() over (partition by report_request_id order by started_us) = 1) j
    on j.report_request_id = r.request_id
  left join traces t on t.trace_id = coalesce(r.trace_id, j.trace_id)
  where j.trace_id is not null or r.reported_us >= (select min(started_us) from requests)`;
