import type { CellAnalysis } from '../../model/analysis.ts';
import type { Figure } from '../../model/figure.ts';
import {
  type Advice,
  type Goal,
  type MemoryFit,
  type MemoryScaling,
  SCALED,
  type Scaled,
  type ScaledQuantity,
} from '../../model/memory-scaling.ts';
import type { Slo } from '../../model/run.ts';
import { memoryOf as sizeOf } from '../../model/testing/an-endpoint.ts';
import { noFigure } from '../../model/testing/empty.ts';

/** What is added whatever the size, and CPU at one vCPU, in ms; no CPU time: it does not scale. */
const LAWS: Record<Exclude<Scaled, 'p50' | 'p99'>, { aMs: number; bMs: number }> = {
  init: { aMs: 204, bMs: 0 },
  first_call: { aMs: 12, bMs: 88 },
  handler: { aMs: 3.2, bMs: 0 },
  backend: { aMs: 7.9, bMs: 0 },
  connection: { aMs: 9, bMs: 21 },
};

const vcpus = (memoryMb: number) => memoryMb / 1769;
const quotaMs = (memoryMb: number) => 20 * vcpus(memoryMb);

/** Groups of made-up cells that differ in memory alone, with what an analysis might say of them. */
export function sampleMemoryScaling(
  cells: readonly CellAnalysis[],
  slo: Slo | null = null,
): MemoryScaling[] {
  const groups = new Map<string, CellAnalysis[]>();
  for (const cell of cells) {
    const { memoryMb: _memory, ...rest } = cell.cell.endpoint;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  const swept = [...groups.values()].filter((members) => members.length > 1);
  return swept.map((members) => {
    const { backend, server } = members[0]?.cell.endpoint ?? { backend: '', server: '' };
    return scalingOf(swept.length > 1 ? `${backend} · ${server}` : '', members, slo);
  });
}

function scalingOf(label: string, members: CellAnalysis[], slo: Slo | null): MemoryScaling {
  const ascending = [...members].sort((a, b) => memoryOf(a) - memoryOf(b));
  const smallest = ascending[0] as CellAnalysis;
  return {
    label,
    reason: 'One call costs 2.00 ms of CPU.',
    finding: `One call costs 2.00 ms of CPU: it fits in the quota of a single period from ${memoryOf(smallest)} MB up; more memory buys nothing but faster first calls.`,
    rankedBy: 'p99',
    sizes: ascending.map((cell, i) => ({
      memoryMb: memoryOf(cell),
      cellId: cell.cell.id,
      quotaMs: quotaMs(memoryOf(cell)),
      cpuPerCallMs: figure(cell, 2, 0.02),
      fitsInPeriod: quotaMs(memoryOf(cell)) >= 2,
      costUsd: cell.cost.total,
      efficient: cell.validity.state === 'void' ? null : i !== 3,
      dominatedByMb: i === 3 ? memoryOf(ascending[2] ?? smallest) : null,
    })),
    quantities: SCALED.map((quantity) => quantityOf(quantity, ascending)),
    advice: adviceOf(ascending, slo),
  };
}

function quantityOf(quantity: Scaled, members: CellAnalysis[]): ScaledQuantity {
  const law = quantity === 'p50' || quantity === 'p99' ? null : LAWS[quantity];
  const points = members.map((cell, i) => ({
    memoryMb: memoryOf(cell),
    cellId: cell.cell.id,
    figure:
      law === null || cell.validity.state === 'void'
        ? cell.latency[quantity === 'p99' ? 'p99' : 'p50']
        : figure(
            cell,
            (law.aMs + law.bMs / vcpus(memoryOf(cell))) * (1 + 0.03 * Math.cos(i * 5)),
            0.05,
          ),
  }));
  const scales = law !== null && law.bMs > 0;
  const fits = scales && members.length >= 5 && (members[0]?.trials ?? 0) >= 3;
  const [first, last] = [points[0]?.figure.value ?? 1, points.at(-1)?.figure.value ?? 1];
  const isOpen = scales || quantity === 'p99';
  const kind = fits ? 'fit' : quantity === 'init' ? 'full_cpu' : isOpen ? 'unknown' : 'staircase';
  return {
    quantity,
    points,
    kind,
    fit: fits && law !== null ? fitOf(law, members) : null,
    ratio: { ...figure(members[0] as CellAnalysis, last / first, 0.04), unit: 'ratio' },
    finding: FINDINGS[kind](quantity, members.length),
  };
}

const FINDINGS: Record<ScaledQuantity['kind'], (what: string, sizes: number) => string> = {
  fit: () =>
    'It takes 88.0 ms [84.1, 92.2] of CPU at one vCPU: half the memory, nearly twice the time.',
  staircase: () =>
    'The 2.00 ms of CPU of one call are within the quota of a single period of 20 ms from 227 MB up (2.57 ms): it does not scale.',
  full_cpu: () => 'It has two vCPUs whatever the size: memory does not change it.',
  unknown: (what, sizes) =>
    what === 'p99'
      ? 'Its intervals are wider than what memory changes: no fit.'
      : `A fit needs 5 sizes, this run has ${sizes}: only the ratio is known.`,
};

function fitOf({ aMs, bMs }: { aMs: number; bMs: number }, members: CellAnalysis[]): MemoryFit {
  const cell = members[0] as CellAnalysis;
  const [low, high] = [memoryOf(cell), memoryOf(members.at(-1) ?? cell)];
  return {
    aMs: figure(cell, aMs, 0.2),
    bMs: figure(cell, bMs, 0.045),
    s: 1,
    lackOfFitShare: 0.031,
    curve: Array.from({ length: 41 }, (_, i) => {
      const memoryMb = low * (high / low) ** (i / 40);
      return { memoryMb, ms: aMs + bMs / vcpus(memoryMb) };
    }),
  };
}

function adviceOf(members: CellAnalysis[], slo: Slo | null): Advice[] {
  const [small, middle, large] = [
    members[0],
    members[Math.floor((members.length - 1) / 2)],
    members.at(-1),
  ] as [CellAnalysis, CellAnalysis, CellAnalysis];
  const rounds = small.trials;
  const advice = (
    goal: Goal,
    cell: CellAnalysis | null,
    sureness: Advice['sureness'],
    finding: string,
    own: Partial<Advice> = {},
  ): Advice => ({
    goal,
    memoryMb: cell && memoryOf(cell),
    cellId: cell?.cell.id ?? null,
    sureness,
    roundsBest: rounds,
    rounds,
    ties: [],
    finding,
    ...own,
  });
  return [
    advice(
      'fastest',
      large,
      'likely',
      `p50 is lowest at ${memoryOf(large)} MB in ${rounds} of ${rounds} rounds, but it is not shown to be faster than ${memoryOf(middle)} MB.`,
      { ties: members.length > 2 ? [memoryOf(middle)] : [] },
    ),
    advice(
      'cheapest',
      small,
      'shown',
      `${memoryOf(small)} MB costs least, shown against every other size.`,
    ),
    advice('balanced', null, 'open', 'No size is better than another at both cost and latency.', {
      roundsBest: 0,
      ties: members.map(memoryOf),
    }),
    ...(slo === null
      ? []
      : [
          advice(
            'slo',
            middle,
            'likely',
            `${memoryOf(middle)} MB is the cheapest with ${slo.quantile} below ${slo.ms} ms.`,
          ),
        ]),
  ];
}

const memoryOf = ({ cell }: CellAnalysis) => sizeOf(cell);

function figure({ trials, validity }: CellAnalysis, value: number, half: number): Figure {
  if (validity.state === 'void') return noFigure('ms', 'the cell is void');
  const known = trials > 1;
  return {
    value,
    unit: 'ms',
    low: known ? value * (1 - half) : null,
    high: known ? value * (1 + half) : null,
    interval: known ? 'trials_t' : 'none',
    n: 1000 * trials,
    trials,
    ...(known ? {} : { note: 'one trial gives no interval' }),
  };
}
