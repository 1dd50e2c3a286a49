import type { Interval } from '../../stats/intervals.ts';
import { fitMemoryModel, LEAST_SIZES, type MemoryModel } from '../../stats/memory-model.ts';
import type { Group } from './group.ts';
import { fullRounds } from './pairs.ts';
import type { CpuBasis, Point, Quantity } from './quantities.ts';

/** What can be said of how a duration depends on memory. */
type Law =
  | { kind: 'fit'; model: MemoryModel; rounds: number }
  /** From this size up its CPU fits into the quota of a period. */
  | { kind: 'staircase'; fitsFromMb: number; cpuAtMostMs: number }
  | { kind: 'unknown'; why: 'sizes' | 'rounds' | 'undecided' | 'not_the_law' | 'not_seen' };

/** A law, or why none can be sought. */
export type Said = Law | { kind: 'full_cpu' | 'no_quota' | 'no_cpu' | 'one_size' };

export function judge(
  quantity: Quantity,
  group: Group,
  points: readonly Point[],
  basis: CpuBasis | null,
): Said {
  if (points.length < 2) return { kind: 'one_size' };
  if (!group.quota) return { kind: 'no_quota' };
  if (quantity.name === 'init' && !group.provisioned) return { kind: 'full_cpu' };
  return basis === null ? { kind: 'no_cpu' } : lawOf(quantity, points, basis);
}

/** A line through fewer different shares of a vCPU has nothing to be checked by. */
const LEAST_SHARES = 3;

/**
 * d(M) = a + b ÷ min(M ÷ 1769, s) holds of work that outlasts the quota of a period, and, one thread
 * being held up by nothing from 1 vCPU on, of every size from there. Where CPU fits into the quota the
 * duration is flat. CPU that is only bounded is judged by the fit's own b.
 */
function lawOf(quantity: Quantity, points: readonly Point[], basis: CpuBasis): Law {
  const stairs = staircase(points, basis.ms);
  const [lawful, rounds] = obeying(quantity, points, basis.ms);
  if (!enough(lawful)) return stairs ?? { kind: 'unknown', why: 'sizes' };
  if (rounds.length === 0) return { kind: 'unknown', why: 'rounds' };
  const model = fitMemoryModel(
    lawful.map(({ memoryMb }) => memoryMb),
    rounds,
  );
  const explained = enough(
    obeying(
      quantity,
      points,
      points.map(() => model.b),
    )[0],
  );
  if (basis.kind === 'measured') {
    const law: Law = { kind: 'fit', model, rounds: rounds.length };
    return explained ? law : (stairs ?? { kind: 'unknown', why: 'not_the_law' });
  }
  return boundedLaw(points, model, rounds.length, explained);
}

function boundedLaw(
  points: readonly Point[],
  model: MemoryModel,
  rounds: number,
  explained: boolean,
): Law {
  if (model.bMs === null) return { kind: 'unknown', why: 'rounds' };
  const { low, high }: Interval = model.bMs;
  if (explained && low > 0) return { kind: 'fit', model, rounds };
  const most = Math.max(0, high);
  return (
    staircase(
      points,
      points.map(() => most),
    ) ?? { kind: 'unknown', why: 'undecided' }
  );
}

/** Null where CPU does not fit even at the largest size. */
function staircase(points: readonly Point[], cpuMs: readonly number[]): Law | null {
  let from: number | null = null;
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const { quotaMs, memoryMb } = points[i] as Point;
    if ((cpuMs[i] as number) > quotaMs) break;
    from = memoryMb;
  }
  return from === null
    ? null
    : { kind: 'staircase', fitsFromMb: from, cpuAtMostMs: Math.max(...cpuMs) };
}

/** The sizes at which the law holds of work with this CPU, and the rounds that have all of them. */
function obeying(
  { perTrial }: Quantity,
  points: readonly Point[],
  cpuMs: readonly number[],
): [Point[], number[][]] {
  const lawful = points.filter(
    ({ vcpus, quotaMs }, i) => vcpus >= 1 || (cpuMs[i] as number) > quotaMs,
  );
  const rounds = fullRounds({ ofTrial: (trial) => trial[perTrial] }, lawful);
  return [lawful, rounds.filter((values) => values.every((ms) => ms > 0))];
}

function enough(lawful: readonly Point[]): boolean {
  const shares = new Set(lawful.map(({ vcpus }) => Math.min(1, vcpus)));
  return lawful.length >= LEAST_SIZES && shares.size >= LEAST_SHARES;
}
