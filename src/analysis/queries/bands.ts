import type { Band, PartsMs } from '../../model/analysis.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';

const BANDS = [
  { band: 'median', fromQuantile: 0.45, toQuantile: 0.55 },
  { band: 'p90_p95', fromQuantile: 0.9, toQuantile: 0.95 },
  { band: 'p95_p99', fromQuantile: 0.95, toQuantile: 0.99 },
  { band: 'above_p99', fromQuantile: 0.99, toQuantile: 1 },
  { band: 'above_p999', fromQuantile: 0.999, toQuantile: 1 },
  { band: 'all', fromQuantile: 0, toQuantile: 1 },
] as const;

/** Where bands begin or end, so that each is made of whole segments between them. */
const EDGES = [0, 0.45, 0.55, 0.9, 0.95, 0.99, 0.999];

type Segment = Record<Part | 'segment' | 'requests' | 'cold' | 'total', number>;

/**
 * Where time goes by band of latency. A request's band is its rank among the answered requests of
 * hold of its own trial: rank in (⌈n·from⌉, ⌈n·to⌉]. Means are over the requests of the band that have
 * a breakdown, of all trials. Where the front leaves no segment, network is 0 and front holds both.
 */
export async function readBands(database: Database): Promise<Band[]> {
  const sums = PARTS.map((part) => `sum(coalesce(${part}_us, 0))::double as ${part}`).join(', ');
  // One comparison after the other: half the time of adding up seven.
  const upTo = EDGES.slice(1).map((q, i) => `when rank <= ceil(n * ${q} - 1e-9) then ${i + 1}`);
  const segment = `case ${upTo.join(' ')} else ${EDGES.length} end`;
  const segments = await database.rows<Segment>(`
    select ${segment} as segment, count(*) as requests, count(*) filter (b.cold) as cold,
      sum(b.total_us)::double as total, ${sums}
    from ranked r
    join explained b on b.trial = r.trial and b.join_key = r.join_key
    group by segment`);
  return BANDS.map(({ band, fromQuantile, toQuantile }) => {
    const own = segments.filter(
      ({ segment }) =>
        (EDGES[segment - 1] as number) >= fromQuantile && (EDGES[segment] ?? 1) <= toQuantile,
    );
    const sum = (key: Exclude<keyof Segment, 'segment'>) =>
      own.reduce((total, row) => total + row[key], 0);
    const requests = sum('requests');
    const meanMs = (key: Part | 'total') => (requests === 0 ? 0 : sum(key) / requests / 1000);
    return {
      band,
      fromQuantile,
      toQuantile,
      requests,
      coldRequests: sum('cold'),
      meanPartsMs: Object.fromEntries(PARTS.map((part) => [part, meanMs(part)])) as PartsMs,
      meanTotalMs: meanMs('total'),
    };
  });
}
