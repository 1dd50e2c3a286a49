import type { PartsMs, Waterfall } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import { type Bar, mostTelling, placeSpans, type SpanRow } from '../figures/bars.ts';
import { onDisk, type TrialFiles } from './cell-tables.ts';
import { TRACED } from './latencies.ts';

const SLOWEST = 3;
const HOLD = `phase = 'hold'`;

type Chosen = Record<Part, number | null> & {
  place: number;
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
export async function readWaterfalls(
  database: Database,
  trials: readonly TrialFiles[],
): Promise<Waterfall[]> {
  await database.run(CHOSEN);
  const parts = PARTS.map((part) => `b.${part}_us as ${part}`).join(', ');
  const chosen = await database.rows<Chosen>(`
    select c.place, c.kind, b.trial, r.trace_id, r.request_id, b.operation, b.outcome, b.cold,
      b.started_us, b.total_us, ${parts}, r.blocked_us, r.sending_us, r.waiting_us, r.receiving_us
    from chosen c
    join breakdown b on b.trial = c.trial and b.join_key = c.join_key
    join ${onDisk('requests', trials)} r on r.trial = c.trial and r.join_key = c.join_key
    order by c.place`);
  if (chosen.length === 0) return [];
  const traces = chosen.map(({ trace_id }) => literal(trace_id));
  const own = trials.filter(({ trial }) => chosen.some((request) => request.trial === trial));
  const spans = await database.rows<SpanRow & { trial: number; trace_id: string }>(`
    select trial, trace_id, span_id as id, parent_id as "parentId", role, name,
      started_us as "startedUs", ended_us as "endedUs", error or fault or throttle as failed
    from ${onDisk('spans', own)} where trace_id in (${traces.join(', ')}) and not inferred
    order by started_us, ended_us desc, span_id`);
  return chosen.map((request) =>
    waterfallOf(
      request,
      spans.filter(
        ({ trial, trace_id }) => trial === request.trial && trace_id === request.trace_id,
      ),
    ),
  );
}

/** The request x₍⌈n/2⌉₎, of those as long the first that was sent. */
const middle = (place: number, kind: string, where: string) => `
  (select ${place} as place, '${kind}' as kind, trial, join_key from breakdown
   where ${TRACED} and ${where} and total_us = (
     select quantile_disc(total_us, 0.5) from breakdown where ${TRACED} and ${where})
   order by started_us limit 1)`;

const CHOSEN = `
  create or replace temp table chosen as
  (select row_number() over (order by total_us desc, started_us) - ${SLOWEST} as place, 'slowest' as kind,
     trial, join_key from (
       select trial, join_key, total_us, started_us from breakdown where ${TRACED} and ${HOLD}
       order by total_us desc, started_us limit ${SLOWEST}))
  union all ${middle(1, 'median', HOLD)}
  union all ${middle(2, 'cold', 'cold')}`;

function waterfallOf(request: Chosen, spans: readonly SpanRow[]): Waterfall {
  const client = clientBars(request);
  const waitingFromMs = client.find(({ name }) => name === 'waiting')?.startMs ?? 0;
  const waiting = {
    fromUs: request.started_us + Math.round(waitingFromMs * 1000),
    lengthUs: request.waiting_us ?? request.total_us,
  };
  const { bars, leftOut } = mostTelling(placeSpans(spans, request.started_us, waiting));
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
    spans: [...client, ...bars],
    ...(leftOut > 0 ? { spansLeftOut: leftOut } : {}),
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
