import { PARTS, type Part } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';

/** The quantiles whose tails are looked into, ascending. */
export const QUANTILES = [
  { quantile: 'p95', q: 0.95 },
  { quantile: 'p99', q: 0.99 },
  { quantile: 'p999', q: 0.999 },
] as const;

/** Sums over requests of one trial and operation that lie alike. */
export type TailSums = Record<Part, number> & {
  trial: number;
  operation: string;
  /** How many of QUANTILES they lie above. */
  above: number;
  /** Between p45 and p55 of the trial's requests; of those of their operation. */
  middle: boolean;
  own_middle: boolean;
  requests: number;
  cold: number;
  total: number;
  network_known: number;
  calls: number;
};

/** The greatest rank that is not above a quantile; the tolerance is that of stats/quantile.ts. */
const rankOf = (q: number) => `ceil(n * ${q} - 1e-9)`;

/**
 * The middle of an operation's own requests goes by their values: a second sort of all requests would
 * double the time. Values as long as those at its edges are of it.
 */
export async function readTailSums(database: Database): Promise<TailSums[]> {
  // One comparison after the other: a quarter less time than adding them up.
  const upTo = QUANTILES.map(({ q }, i) => `when rank <= ${rankOf(q)} then ${i}`);
  const above = `case ${upTo.join(' ')} else ${QUANTILES.length} end`;
  const parts = PARTS.map((part) => `sum(coalesce(${part}_us, 0)) / 1000 as ${part}`).join(', ');
  return database.rows<TailSums>(`
    with own as (
      select trial, operation, quantile_disc(total_us, [0.45, 0.55]) as edges
      from ranked group by trial, operation),
    placed as (
      select r.trial, r.operation, join_key, ${above} as above,
        rank > ${rankOf(0.45)} and rank <= ${rankOf(0.55)} as middle,
        total_us between edges[1] and edges[2] as own_middle
      from ranked r join own o on o.trial = r.trial and o.operation = r.operation
      where above > 0 or middle or own_middle)
    select p.trial, p.operation, above, middle, own_middle, count(*) as requests,
      count(*) filter (b.cold) as cold, sum(b.total_us) / 1000 as total, ${parts},
      count(b.network_us) as network_known, count(*) filter (b.backend_calls > 0) as calls
    from placed p join explained b on b.trial = p.trial and b.join_key = p.join_key
    group by all`);
}
