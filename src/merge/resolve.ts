import type { Database } from '../store/tables/database.ts';
import { keyOf } from './join-keys.ts';

/**
 * Makes the view `requests` of `sent`, with the trace id under which a request is known: the one that was
 * sent; where nothing is known under it, the one that came back; then that of the REPORT line with
 * the request id that came back.
 */
export async function resolveTraceIds(database: Database): Promise<void> {
  await database.run(`
    create view requests as
    with found as (
      select *, hash(sent_trace_id) in (select tk from telemetry) as sent_known,
        coalesce(${keyOf('returned_trace_id')} in (select tk from telemetry), false) as returned_known
      from sent)
    select found.* exclude (sent_trace_id, returned_trace_id, sent_known, returned_known, odd_outcome),
      case when sent_known then sent_trace_id
        when returned_known then returned_trace_id
        else coalesce(r.trace_id, returned_trace_id, sent_trace_id) end as trace_id
    from found
    -- The way by the request id is asked for only where no other is known.
    left join report_of_request r
      on r.rk = case when not sent_known and not returned_known then ${keyOf('found.request_id')} end`);
}
