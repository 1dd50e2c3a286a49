import type { CellAnalysis } from '../../model/analysis.ts';
import { OUTCOMES } from '../../model/k6-samples.ts';
import type { Database } from '../../store/tables/database.ts';

export interface Counts {
  requests: number;
  holdRequests: number;
  failed: number;
  outcomes: CellAnalysis['outcomes'];
  /** Answered (with any status) requests of hold, a trial. */
  holdAnswered: { trial: number; answered: number }[];
  failures: CellAnalysis['failures'];
}

export async function readCounts(database: Database): Promise<Counts> {
  const byOutcome = OUTCOMES.map(
    (outcome) => `count(*) filter (outcome = '${outcome}') as ${outcome}`,
  ).join(', ');
  const { requests, holdRequests, failed, ...outcomes } = await database.row<
    Counts['outcomes'] & { requests: number; holdRequests: number; failed: number }
  >(`select count(*) as requests, count(*) filter (phase = 'hold') as "holdRequests",
      count(*) filter (outcome <> 'ok') as failed, ${byOutcome} from requests`);
  const holdAnswered = await database.rows<{ trial: number; answered: number }>(
    `select trial, count(*) filter (phase = 'hold' and status > 0) as answered
     from requests group by trial order by trial`,
  );
  const failures = await database.rows<{ outcome: string; error: string; requests: number }>(
    `select outcome, coalesce(error, '') as error, count(*) as requests from requests
     where outcome <> 'ok' group by all order by requests desc, outcome, error limit 10`,
  );
  return { requests, holdRequests, failed, outcomes, holdAnswered, failures };
}
