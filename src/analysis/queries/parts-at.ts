import type { PerTrial } from '../../model/analysis.ts';
import type { PartsMs } from '../../model/figure.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Database } from '../../store/tables/database.ts';

/** The requests that stand for a quantile: those of a trial whose rank lies between the two. */
const ABOUT = {
  p50: [0.45, 0.55],
  p95: [0.93, 0.97],
  p99: [0.98, 1],
} as const satisfies Record<keyof PerTrial['partsAt'], readonly [number, number]>;
const NAMES = Object.keys(ABOUT) as (keyof typeof ABOUT)[];

type Row = Record<Part, number> & { trial: number; about: keyof typeof ABOUT };

/**
 * Means of the parts of the answered requests of hold about each quantile, by trial. A rank is within
 * its trial: rank in (⌈n·from⌉, ⌈n·to⌉]. Requests with a trace alone: a REPORT line counts calls to the
 * backend as the handler's, and a side that lost traces would have its handler grow.
 */
export async function readPartsAt(database: Database): Promise<Map<number, PerTrial['partsAt']>> {
  const means = PARTS.map((part) => `avg(coalesce(${part}_us, 0)) / 1000 as ${part}`).join(', ');
  const bands = NAMES.map((name) => {
    const [from, to] = ABOUT[name];
    return `select r.trial, '${name}' as about, ${means}
      from ranked r join breakdown b on b.trial = r.trial and b.join_key = r.join_key
      where r.rank > ceil(r.n * ${from} - 1e-9) and r.rank <= ceil(r.n * ${to} - 1e-9)
        and b.source = 'trace'
      group by r.trial`;
  });
  const found = new Map<number, PerTrial['partsAt']>();
  for (const { trial, about, ...parts } of await database.rows<Row>(bands.join(' union all '))) {
    const of = found.get(trial) ?? { p50: null, p95: null, p99: null };
    found.set(trial, { ...of, [about]: parts as PartsMs });
  }
  return found;
}
