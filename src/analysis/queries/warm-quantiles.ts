import type { Figure } from '../../model/figure.ts';
import type { Database } from '../../store/tables/database.ts';
import { leastForQuantile, noFigure, quantileName, trialsFigure } from '../figures/figure.ts';
import { MEASURED } from './latencies.ts';
import { QUANTILES } from './tail-sums.ts';

const COUNTERFACTUAL =
  'requests that felt no cold start; what queueing behind cold starts cost them stays in';

/**
 * A quantile among the warm requests of each trial; a request of unknown kind counts as warm.
 * quantile_disc is x₍⌈nq⌉₎; what is taken from q is the tolerance of ranks for up to 10⁶ requests.
 */
export async function warmQuantiles(database: Database): Promise<(q: number) => Figure> {
  const rows = await database.rows<{ n: number; q0: number; q1: number; q2: number }>(
    `select n, ${QUANTILES.map((_, index) => `found[${index + 1}] / 1000 as q${index}`).join(', ')}
     from (select r.trial, count(*) as n,
         quantile_disc(total_us, [${QUANTILES.map(({ q }) => `${q} - 1e-10`).join(', ')}]) as found
       from requests r
       anti join (select trial, join_key from breakdown where cold) c
         on c.trial = r.trial and c.join_key = r.join_key
       where ${MEASURED} group by r.trial) order by trial`,
  );
  const { known } = await database.row<{ known: number }>(
    'select count(*) as known from breakdown',
  );
  return (q) => {
    const n = rows.reduce((sum, row) => sum + row.n, 0);
    const fewest = Math.min(...rows.map((row) => row.n));
    const needed = leastForQuantile(q);
    if (known === 0) return noFigure('ms', 'no trace or REPORT line tells of cold starts');
    if (rows.length === 0) return noFigure('ms', 'no warm request was measured');
    if (fewest < needed) {
      const has = `${rows.length > 1 ? 'a trial has' : 'this has'} ${fewest.toLocaleString('en')}`;
      return noFigure(
        'ms',
        `${quantileName(q)} needs ${needed.toLocaleString('en')} warm requests, ${has}`,
        n,
        rows.length,
      );
    }
    const column = `q${QUANTILES.findIndex((one) => one.q === q)}` as 'q0' | 'q1' | 'q2';
    const figure = trialsFigure(
      rows.map((row) => row[column]),
      'ms',
      n,
    );
    return { ...figure, note: [figure.note, COUNTERFACTUAL].filter(Boolean).join('; ') };
  };
}
