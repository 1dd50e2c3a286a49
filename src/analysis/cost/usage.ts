import type { Cell } from '../../model/run.ts';
import type { Database } from '../../store/tables/database.ts';

/** What one trial's hold used of what is paid for; means over its requests that a REPORT line tells of. */
export interface TrialUsage {
  trial: number;
  requests: number;
  /** Billed time without billed init, times memory, on demand and on provisioned environments. */
  onDemandGbS: number;
  provisionedGbS: number;
  /** Billed init: the billed duration beyond the invocation's own. */
  initGbS: number;
  coldShare: number;
  /** Bytes of response bodies; null where none was counted. */
  responseBytes: number | null;
  /** Read units of DynamoDB, of requests with a trace; null where no request has a traced call. */
  readUnits: number | null;
}

/** Eventually consistent, up to 4 KB a read. */
export const UNITS_A_READ = 0.5;

/**
 * Reads of one call to DynamoDB. Only BatchGetItem counts each of its items for itself, and only
 * TenUsers, batched, asks for several: ten users, all different.
 */
const BATCHED_READS = `case operation when 'TenUsers' then 10 else 1 end`;

/** Trials whose hold has no REPORT line are left out. */
export async function readUsage(
  database: Database,
  trials: readonly number[],
  { endpoint }: Cell,
): Promise<TrialUsage[]> {
  if (trials.length === 0 || endpoint.memoryMb === null) return [];
  const provisioned = endpoint.provisionedConcurrency > 0;
  const reads = endpoint.batching ? BATCHED_READS : '1';
  return database.rows<TrialUsage & Record<string, number | null>>(`
    with billed as (
      select b.trial, i.environment, b.cold, ${endpoint.memoryMb} / 1024 as gb,
        i.billed_us / 1e6 as billed_s,
        case when i.first_in_environment
          then greatest(0, i.billed_us - ceil(i.duration_us / 1000) * 1000) / 1e6 else 0 end as init_s
      from breakdown b
      join invocations i on i.trial = b.trial and i.request_id = b.request_id
      where b.phase = 'hold' and i.billed_us is not null and b.trial in (${trials.join(', ')})
    ),
    spilled as (select distinct trial, environment from invocations where cold),
    compute as (
      select b.trial, count(*) as requests,
        avg(case when ${provisioned} and s.environment is null
          then 0 else (billed_s - init_s) * gb end) as "onDemandGbS",
        avg(case when ${provisioned} and s.environment is null
          then billed_s * gb else 0 end) as "provisionedGbS",
        avg(case when ${provisioned} and s.environment is null
          then 0 else init_s * gb end) as "initGbS",
        avg(cold::integer) as "coldShare"
      from billed b
      left join spilled s on s.trial = b.trial and s.environment = b.environment
      group by b.trial
    ),
    bytes as (
      select trial, avg(response_bytes) as "responseBytes" from requests
      where phase = 'hold' and status > 0 group by trial
    ),
    calls as (
      select trial, ${UNITS_A_READ} * avg(backend_calls * ${reads}) as units, max(backend_calls) as most
      from breakdown where phase = 'hold' and source = 'trace' group by trial
    )
    select c.trial, c.requests::double as requests, c."onDemandGbS", c."provisionedGbS", c."initGbS",
      c."coldShare", b."responseBytes", case when l.most > 0 then l.units end as "readUnits"
    from compute c left join bytes b on b.trial = c.trial left join calls l on l.trial = c.trial
    order by c.trial`);
}
