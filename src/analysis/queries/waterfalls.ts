import type { PartsMs, Waterfall } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { type Bar, placeSpans, type SpanRow } from '../figures/bars.ts';

const SLOWEST = 3;

type Chosen = Record<Part, number | null> & {
  kind: Waterfall['kind'];
  trial: number;
  trace_id: string;
  request_id: string | null;
  operation: string;
  outcome: Waterfall['outcome'];
  cold: boolean;
  started_us: number;
  total_us: number;
  blocked_us: number | null;
  sending_us: number | null;
  waiting_us: number | null;
  receiving_us: number | null;
};

/**
 * The slowest requests, the median one and the median cold one, all answered well and with a trace;
 * the first two kinds from hold.
 */
export async function readWaterfalls(database: Database): Promise<Waterfall[]> {
  const parts = PARTS.map((part) => `b.${part}_us as ${part}`).join(', ');
  const pick = (kind: string, where: string, order: string, rank: string, limit: number) =>
    `(select '${kind}' as kind, * from (
       select *, row_number() over (order by ${order}) as rank, count(*) over () as n
       from traced where ${where})
     where ${rank} order by rank limit ${limit})`;
  await database.run(`
    create or replace temp table traced as
    select b.trial, b.trace_id, b.request_id, b.operation, b.outcome, b.cold, b.phase,
      b.started_us, b.total_us, ${parts},
      r.blocked_us, r.sending_us, r.waiting_us, r.receiving_us
    from breakdown b join requests r on r.trial = b.trial and r.trace_id = b.trace_id
    where b.outcome = 'ok' and b.source = 'trace'`);
  const chosen = await database.rows<Chosen & { rank: number; n: number }>(`
    select * from (
      ${pick('slowest', `phase = 'hold'`, 'total_us desc, started_us', 'true', SLOWEST)}
      union all
      ${pick('median', `phase = 'hold'`, 'total_us, started_us', 'rank >= n / 2', 1)}
      union all
      ${pick('cold', 'cold', 'total_us, started_us', 'rank >= n / 2', 1)})
    order by case kind when 'slowest' then 0 when 'median' then 1 else 2 end, rank`);
  const found: Waterfall[] = [];
  for (const request of chosen) found.push(await waterfallOf(database, request));
  return found;
}

async function waterfallOf(database: Database, request: Chosen): Promise<Waterfall> {
  const spans = await database.rows<SpanRow>(`
    select span_id as id, parent_id as "parentId", role, name, started_us as "startedUs",
      ended_us as "endedUs", error or fault or throttle as failed
    from spans where trial = ${request.trial} and trace_id = ${literal(request.trace_id)}
      and not inferred
    order by started_us, ended_us desc, span_id`);
  const client = clientBars(request);
  const waitingFromMs = client.find(({ name }) => name === 'waiting')?.startMs ?? 0;
  const waiting = {
    fromUs: request.started_us + Math.round(waitingFromMs * 1000),
    lengthUs: request.waiting_us ?? request.total_us,
  };
  return {
    kind: request.kind,
    trial: request.trial,
    traceId: request.trace_id,
    requestId: request.request_id,
    operation: request.operation,
    outcome: request.outcome,
    cold: request.cold,
    totalMs: request.total_us / 1000,
    partsMs: Object.fromEntries(
      PARTS.map((part) => [part, (request[part] ?? 0) / 1000]),
    ) as PartsMs,
    spans: [...client, ...placeSpans(spans, request.started_us, waiting)],
  };
}

/** k6 measures them one after the other. */
function clientBars(request: Chosen): Bar[] {
  const steps = [
    ['blocked', request.blocked_us],
    ['sending', request.sending_us],
    ['waiting', request.waiting_us],
    ['receiving', request.receiving_us],
  ] as const;
  const bars: Bar[] = [];
  let atMs = 0;
  for (const [name, us] of steps) {
    const endMs = atMs + (us ?? 0) / 1000;
    bars.push({ role: 'client', name, depth: 0, startMs: atMs, endMs, error: false });
    atMs = endMs;
  }
  return bars;
}
