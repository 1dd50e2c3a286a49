import { PARTS, type Part } from '../../model/tables.ts';
import type { Tail } from '../../model/tail.ts';
import { combine, meanOver, quantile } from './sample-figures.ts';
import type { SampleRequest } from './sample-request.ts';

const QUANTILES = [
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;
/** Fewer requests beyond a quantile tell nothing of it. */
const LEAST = 5;

/** Why the tail is what it is, of the hold's requests by trial, as the analysis has it. */
export function sampleTails(trials: readonly SampleRequest[][]): Tail[] {
  return QUANTILES.map(([name, q]) => sampleTail(name, q, trials));
}

function sampleTail(name: Tail['quantile'], q: number, trials: readonly SampleRequest[][]): Tail {
  const groups = trials.map((requests) => split(requests, q));
  const tail = groups.flatMap((group) => group.tail);
  const middle = groups.flatMap((group) => group.middle);
  const withoutCold = combine(
    trials.map((requests) => quantile(ascending(requests.filter((r) => !r.cold)), q)),
    'ms',
    trials.length,
  );
  const base = { quantile: name, requests: tail.length, withoutCold };
  if (tail.length < LEAST || middle.length === 0) {
    return {
      ...base,
      coldRequests: tail.filter((r) => r.cold).length,
      middleTotalMs: null,
      tailTotalMs: null,
      parts: [],
      leading: null,
      finding: `There are ${tail.length} requests above ${label(name)}: too few to say why`,
      operations: [],
    };
  }
  const difference = mean(tail, total) - mean(middle, total);
  const parts = PARTS.map((part) => {
    const of = (request: SampleRequest) => request.parts[part];
    const shares = groups
      .filter((group) => group.tail.length > 0)
      .map(
        (group) =>
          (mean(group.tail, of) - mean(group.middle, of)) /
          (mean(group.tail, total) - mean(group.middle, total)),
      );
    const differenceMs = mean(tail, of) - mean(middle, of);
    return {
      part,
      middleMs: mean(middle, of),
      tailMs: mean(tail, of),
      differenceMs,
      share: { ...meanOver(shares, 'share'), value: differenceMs / difference, n: tail.length },
    };
  });
  const leading = parts.reduce((best, one) =>
    (one.share.value ?? 0) > (best.share.value ?? 0) ? one : best,
  );
  const percent = (share: number | null) => ((share ?? 0) * 100).toFixed(0);
  const { value, low, high } = leading.share;
  return {
    ...base,
    coldRequests: tail.filter((r) => r.cold).length,
    middleTotalMs: mean(middle, total),
    tailTotalMs: mean(tail, total),
    parts,
    leading: leading.part,
    finding: `${percent(value)}%${low === null ? '' : ` [${percent(low)}, ${percent(high)}]`} of what requests above ${label(name)} take longer than the median is ${leading.part}`,
    operations: operationsOf(tail, middle, trials.flat()),
  };
}

function operationsOf(
  tail: SampleRequest[],
  middle: SampleRequest[],
  all: SampleRequest[],
): Tail['operations'] {
  const names = [...new Set(tail.map((r) => r.operation))];
  return names
    .map((operation) => {
      const own = tail.filter((r) => r.operation === operation);
      const difference = mean(own, total) - mean(middle, total);
      const [leading, leadingShare] = PARTS.map((part): [Part, number] => [
        part,
        (mean(own, (r) => r.parts[part]) - mean(middle, (r) => r.parts[part])) / difference,
      ]).reduce((best, one) => (one[1] > best[1] ? one : best));
      return {
        operation,
        requests: own.length,
        shareOfTail: own.length / tail.length,
        shareOfAll: all.filter((r) => r.operation === operation).length / all.length,
        leading,
        leadingShare,
      };
    })
    .sort((a, b) => b.requests - a.requests);
}

function split(requests: SampleRequest[], q: number) {
  const sorted = [...requests].sort((a, b) => a.totalMs - b.totalMs);
  const at = (share: number) => Math.floor(share * sorted.length);
  return { tail: sorted.slice(at(q) + 1), middle: sorted.slice(at(0.45), at(0.55)) };
}

const total = (request: SampleRequest) => request.totalMs;
const ascending = (requests: SampleRequest[]) => requests.map(total).sort((a, b) => a - b);
const label = (name: Tail['quantile']) => (name === 'p999' ? 'p99.9' : name);

function mean(requests: readonly SampleRequest[], of: (request: SampleRequest) => number): number {
  return requests.reduce((sum, r) => sum + of(r), 0) / Math.max(1, requests.length);
}
