import type { Database } from '../store/tables/database.ts';
import { CLOCK_STEP_US } from '../store/telemetry/facts.ts';

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
 * Where answers are streamed, the function is still at work while its answer is received: receiving is
 * counted as waiting there.
 *
 * Without the function's segment the REPORT line's Duration (handler, backends included) and Init
 * stand in, `source` is `report`; without the service's segment too, front is all the rest.
 */
export async function breakDown(
  database: Database,
  /** The endpoint streams its answers. */
  streams: boolean,
): Promise<{ negativeParts: number }> {
  const waiting = 'coalesce(waiting_us, total_us)';
  const receiving = 'coalesce(receiving_us, 0)';
  await database.run(levels(streams ? `${waiting} + ${receiving}` : waiting));
  await database.run(BREAKDOWN);
  return database.row<{ negativeParts: number }>(
    `select coalesce(sum(negative_parts), 0)::bigint as "negativeParts" from levels`,
  );
}

const beyond = (inner: string, outer: string) =>
  `(coalesce(${inner}, 0) > coalesce(${outer}, 0) + ${CLOCK_STEP_US})::integer`;

/** In steps: an alias that is used in the same list is computed anew at each use. */
const levels = (waitingUs: string) => `
  create view levels as
  with given as (
    select *,
      least(greatest(${waitingUs}, 0), total_us) as waiting,
      coalesce(overhead_us, 0) as own_overhead,
      case when invocation_us is not null and service_us is not null then 'trace'
        when duration_us is not null then 'report'
        when invocation_us is not null then 'trace' end as source,
      coalesce(invocation_us, duration_us) as inner_invocation
    from joined
    where reached and coalesce(invocation_us, duration_us) is not null),
  gateways as (
    select *,
      -- least() passes over nulls.
      case when gateway_us is not null then least(gateway_us, waiting) end as gateway,
      case when gateway_us is not null then least(gateway_us, waiting) else waiting end as front_room,
      case when source = 'trace' then coalesce(trace_init_us, 0)
        when cold then coalesce(report_init_us, 0) else 0 end as inner_init
    from given),
  asked as (
    select *,
      -- Where no service segment came, the service is what is known to lie in it.
      coalesce(service_us, inner_invocation + inner_init + own_overhead) as asked_service
    from gateways),
  services as (select *, least(asked_service, front_room) as service from asked),
  invocations as (select *, least(inner_invocation, service) as invocation from services),
  inits as (select *, least(inner_init, service - invocation) as init from invocations),
  overheads as (
    select *, least(own_overhead, service - invocation - init) as overhead from inits)
  select *,
    least(coalesce(placement_us, 0), service - invocation - init - overhead) as placement,
    least(coalesce(backend_us, 0), invocation) as backend,
    case when status > 0 then
      ${beyond('gateway_us', 'waiting')} + ${beyond('asked_service', 'front_room')}
      + ${beyond('inner_invocation + inner_init + own_overhead + coalesce(placement_us, 0)', 'asked_service')}
      else 0 end as negative_parts
  from overheads`;

const BREAKDOWN = `
  create view breakdown as
  select trace_id, invoked_request_id as request_id, join_key, phase, operation, outcome, started_us, cold,
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
