import type { Database } from '../store/tables/database.ts';
import { CLOCK_STEP_US } from './traces/facts.ts';

/**
 * Splits each request that reached an environment into parts that sum to its total exactly.
 *
 *   client    = total − waiting                       (blocked + sending + receiving)
 *   network   = waiting − gateway                     null without a gateway segment
 *   front     = gateway − service                     or waiting − service: front and network
 *   placement = service's start → start of init where cold, else of the function
 *   init      = what of init overlaps the wait before the invocation
 *   backend   = union of the outermost backend intervals within the invocation
 *   handler   = invocation − backend
 *   overhead  = the Overhead span
 *   unexplained = service − (placement + init + handler + backend + overhead)
 *
 * Each level is at most what holds it: gateway ≤ waiting, service ≤ gateway, and within the service
 * invocation, init, overhead and placement in that order (exact clocks first) take what is left. So
 * no part is below zero, unexplained is what remains and the sum holds whatever the clocks say. A
 * level that had to be cut by more than one step of X-Ray's millisecond clock, where the request was
 * answered, is a negative part of the plain formulae and is counted.
 *
 * Without the function's segment the REPORT line's Duration (handler, backends included) and Init
 * stand in, `source` is `report`; without the service's segment too, front is all the rest.
 */
export async function breakDown(database: Database): Promise<{ negativeParts: number }> {
  await database.run(LEVELS);
  await database.run(BREAKDOWN);
  return database.row<{ negativeParts: number }>(
    `select coalesce(sum(negative_parts), 0)::bigint as "negativeParts" from levels`,
  );
}

const beyond = (inner: string, outer: string) =>
  `(coalesce(${inner}, 0) > coalesce(${outer}, 0) + ${CLOCK_STEP_US})::integer`;

const LEVELS = `
  create table levels as
  select *,
    least(greatest(waiting_us, 0), total_us) as waiting,
    -- least() passes over nulls.
    case when gateway_us is not null then least(gateway_us, waiting) end as gateway,
    coalesce(gateway, waiting) as front_room,
    case when invocation_us is not null and service_us is not null then 'trace'
      when duration_us is not null then 'report'
      when invocation_us is not null then 'trace' end as source,
    coalesce(invocation_us, duration_us) as inner_invocation,
    case when source = 'trace' then coalesce(trace_init_us, 0)
      when cold then coalesce(report_init_us, 0) else 0 end as inner_init,
    -- Where no service segment came, the service is what is known to lie in it.
    coalesce(service_us, inner_invocation + inner_init + coalesce(overhead_us, 0)) as asked_service,
    least(asked_service, front_room) as service,
    least(inner_invocation, service) as invocation,
    least(inner_init, service - invocation) as init,
    least(coalesce(overhead_us, 0), service - invocation - init) as overhead,
    least(coalesce(placement_us, 0), service - invocation - init - overhead) as placement,
    least(coalesce(backend_us, 0), invocation) as backend,
    case when status > 0 then
      ${beyond('gateway_us', 'waiting')} + ${beyond('asked_service', 'front_room')}
      + ${beyond(
        'inner_invocation + inner_init + coalesce(overhead_us, 0) + coalesce(placement_us, 0)',
        'asked_service',
      )} else 0 end as negative_parts
  from joined
  where reached and coalesce(invocation_us, duration_us) is not null`;

const BREAKDOWN = `
  create table breakdown as
  select trace_id, request_id, join_key, phase, operation, outcome, started_us, cold,
    first_in_environment, total_us,
    total_us - waiting as client_us,
    case when gateway is not null then waiting - gateway end as network_us,
    front_room - service as front_us,
    placement as placement_us, init as init_us, backend as backend_us,
    invocation - backend as handler_us, overhead as overhead_us,
    service - (placement + init + invocation + overhead) as unexplained_us,
    case when invocation_us is not null then backend_calls end as backend_calls,
    source
  from levels`;
