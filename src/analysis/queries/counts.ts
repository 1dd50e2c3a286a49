import type { CellAnalysis } from '../../model/analysis.ts';
import { OUTCOMES } from '../../model/k6-samples.ts';
import type { Database } from '../../store/tables/database.ts';

export interface Counts {
  requests: number;
  failed: number;
  outcomes: CellAnalysis['outcomes'];
  /** Requests of hold by trial. */
  hold: Map<number, number>;
  failures: CellAnalysis['failures'];
}

export async function readCounts(database: Database): Promise<Counts> {
  const byOutcome = OUTCOMES.map(
    (outcome) => `count(*) filter (outcome = '${outcome}') as ${outcome}`,
  ).join(', ');
  const { requests, failed, ...outcomes } = await database.row<
    Counts['outcomes'] & { requests: number; failed: number }
  >(`select count(*) as requests,
      count(*) filter (outcome <> 'ok') as failed, ${byOutcome} from requests`);
  const hold = await database.rows<{ trial: number; n: number }>(
    `select trial, count(*) as n from requests where phase = 'hold' group by trial`,
  );
  const failures = await database.rows<{ outcome: string; error: string; requests: number }>(
    `select outcome, coalesce(error, '') as error, count(*) as requests from requests
     where outcome <> 'ok' group by all order by requests desc, outcome, error limit 10`,
  );
  return {
    requests,
    failed,
    outcomes,
    hold: new Map(hold.map(({ trial, n }) => [trial, n])),
    failures,
  };
}
