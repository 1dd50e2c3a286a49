import type { Tail } from '../../model/tail.ts';
import type { Database } from '../../store/tables/database.ts';
import { leastForQuantile, quantileName } from '../figures/figure.ts';
import { tailFinding } from '../tail/finding.ts';
import {
  addSums,
  leadingPart,
  noSums,
  partShares,
  pooled,
  type Sums,
  type TrialSums,
  tellingTrials,
} from '../tail/shares.ts';
import type { PartContext } from '../tail/words.ts';
import { MEASURED } from './latencies.ts';
import { QUANTILES, readTailSums, type TailSums } from './tail-sums.ts';
import { warmQuantiles } from './warm-quantiles.ts';

/**
 * Why the tail is what it is: requests above p95, p99 and p99.9 of the hold against those from p45 to
 * p55, ranks being among the answered requests of hold of their own trial, as in bands. Sums are over
 * requests that have a breakdown.
 */
export async function readTails(database: Database, trials: readonly number[]): Promise<Tail[]> {
  const rows = await readTailSums(database);
  const sent = await database.rows<{ trial: number; operation: string; requests: number }>(
    `select trial, operation, count(*) as requests from requests where ${MEASURED}
     group by trial, operation`,
  );
  const withoutCold = await warmQuantiles(database);
  const context: PartContext = {
    frontHoldsNetwork: rows.every(({ network_known }) => network_known === 0),
    handlerHoldsBackend: rows.every(({ calls }) => calls === 0),
  };
  const all = byOperation(sent);
  return QUANTILES.map(({ quantile, q }, index) => {
    const inTail = rows.filter(({ above }) => above > index);
    const sums = trials.map(
      (trial): TrialSums => ({
        middle: sumOf(rows.filter((row) => row.trial === trial && row.middle)),
        tail: sumOf(inTail.filter((row) => row.trial === trial)),
      }),
    );
    const telling = tellingTrials(sums);
    const tail = pooled(telling.map((trial) => trial.tail));
    const middle = pooled(telling.map((trial) => trial.middle));
    const parts = partShares(telling);
    const middleTotalMs = middle.requests === 0 ? null : middle.totalMs / middle.requests;
    const tailTotalMs = tail.requests === 0 ? null : tail.totalMs / tail.requests;
    return {
      quantile,
      requests: tail.requests,
      coldRequests: tail.coldRequests,
      middleTotalMs,
      tailTotalMs,
      parts,
      leading: parts.length === 0 ? null : (leadingPart(middle, tail)?.part ?? null),
      finding:
        middleTotalMs === null || tailTotalMs === null
          ? nothingToCompare(q, sent)
          : tailFinding(
              quantileName(q),
              parts,
              { middleMs: middleTotalMs, tailMs: tailTotalMs },
              context,
            ),
      operations: operationsOf(inTail, rows, all),
      withoutCold: withoutCold(q),
    };
  });
}

function sumOf(rows: readonly TailSums[]): Sums {
  const sums = noSums();
  for (const row of rows) {
    addSums(sums, {
      requests: row.requests,
      coldRequests: row.cold,
      totalMs: row.total,
      partsMs: row,
    });
  }
  return sums;
}

function byOperation(rows: readonly { operation: string; requests: number }[]) {
  const found = new Map<string, number>();
  for (const { operation, requests } of rows) {
    found.set(operation, (found.get(operation) ?? 0) + requests);
  }
  return found;
}

/** Most first; the middle is that of the operation's own requests. */
function operationsOf(
  inTail: readonly TailSums[],
  rows: readonly TailSums[],
  all: ReadonlyMap<string, number>,
): Tail['operations'] {
  const inAll = [...all.values()].reduce((sum, n) => sum + n, 0);
  const tails = byOperation(inTail);
  const wholeTail = [...tails.values()].reduce((sum, n) => sum + n, 0);
  return [...tails]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([operation, requests]) => {
      const of = (from: readonly TailSums[]) => from.filter((row) => row.operation === operation);
      const leading = leadingPart(
        sumOf(of(rows).filter(({ own_middle }) => own_middle)),
        sumOf(of(inTail)),
      );
      return {
        operation,
        requests,
        shareOfTail: requests / wholeTail,
        shareOfAll: (all.get(operation) ?? 0) / inAll,
        leading: leading?.part ?? null,
        leadingShare: leading?.share ?? null,
      };
    });
}

function nothingToCompare(q: number, sent: readonly { trial: number; requests: number }[]): string {
  const name = quantileName(q);
  const perTrial = new Map<number, number>();
  for (const { trial, requests } of sent) {
    perTrial.set(trial, (perTrial.get(trial) ?? 0) + requests);
  }
  const most = Math.max(0, ...perTrial.values());
  const needed = leastForQuantile(q);
  if (most === 0) return 'No request of the hold was answered well.';
  if (most < needed) {
    const count = (n: number) => n.toLocaleString('en');
    return `No request lies above ${name}: that takes ${count(needed)} requests a trial, this has ${count(most)}.`;
  }
  return `Why requests above ${name} take longer is not known: they have no trace and no REPORT line.`;
}
