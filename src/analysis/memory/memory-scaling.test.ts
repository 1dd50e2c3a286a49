import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { CellAnalysis, Figure, PerTrial, TrialFigure } from '../../model/analysis.ts';
import type { MemoryScaling, Scaled } from '../../model/memory-scaling.ts';
import { memoryScalingSchema } from '../../model/memory-scaling.ts';
import type { Run } from '../../model/run.ts';
import { aTrial, noFigure } from '../../model/testing/empty.ts';
import { normals } from '../../stats/testing/normal.ts';
import { trialsFigure } from '../figures/figure.ts';
import { sampledCell } from '../testing/sampled-cell.ts';
import { runOf } from '../testing/trial-files.ts';
import { memoryScaling } from './index.ts';

const SIZES_MB = [512, 1024, 1769, 2048, 3008];
type Made = Partial<Record<TrialFigure, number | null>>;

/** What a size's figures are without noise. */
type Truth = (memoryMb: number) => Made;

interface Sweep {
  sizesMb?: readonly number[];
  rounds?: number;
  truth: Truth;
  noise?: number;
  seed?: number;
}

/** Cells whose rounds share a shift of 10%; cost and CPU are steadier than durations. */
function sweep({ sizesMb = SIZES_MB, rounds = 5, truth, noise = 0.02, seed = 1 }: Sweep) {
  const normal = normals(seededRandom(seed));
  const shifts = Array.from({ length: rounds }, () => 0.1 * normal());
  return sizesMb.map((memoryMb) => {
    const own = truth(memoryMb);
    const perTrial = shifts.map((shift, i) => {
      const made: PerTrial = aTrial(i + 1);
      for (const [key, value] of Object.entries(own) as [keyof Made, number][]) {
        const steady = key === 'costUsd' || key === 'cpuMs';
        const disturbed = steady ? 0.1 * noise * normal() : shift + noise * normal();
        made[key] = value * Math.exp(disturbed);
      }
      return made;
    });
    return cellWith(memoryMb, perTrial);
  });
}

function cellWith(memoryMb: number, perTrial: PerTrial[]): CellAnalysis {
  const cell = sampledCell({ endpoint: { memoryMb }, p50: [] });
  const of = (key: keyof Made, unit: Figure['unit'] = 'ms') =>
    trialsFigure(
      perTrial.flatMap((trial) => trial[key] ?? []),
      unit,
      1000,
    );
  return {
    ...cell,
    trials: perTrial.length,
    perTrial,
    latency: { ...cell.latency, p50: of('p50Ms'), p95: of('p95Ms'), p99: of('p99Ms') },
    backend: { ...cell.backend, medianMs: of('backendMs') },
    coldStarts: {
      ...cell.coldStarts,
      medianInitMs: of('initMs'),
      firstCallMs: of('firstCallMs'),
      connectionMs: of('connectionMs'),
    },
    cost: { ...cell.cost, total: of('costUsd', 'usd') },
  };
}

function scalingOf(cells: CellAnalysis[], change: (run: Run) => void = () => {}): MemoryScaling {
  const run = runOf(cells.map(({ cell }) => cell));
  change(run);
  const [found, ...others] = memoryScaling(cells, run);
  expect(others).toEqual([]);
  return memoryScalingSchema.parse(found);
}

const quantity = (scaling: MemoryScaling, name: Scaled) =>
  scaling.quantities.find((one) => one.quantity === name) ?? expect.unreachable(name);
const goal = (scaling: MemoryScaling, name: string) =>
  scaling.advice.find((one) => one.goal === name) ?? expect.unreachable(name);

/** GB-s of a call that takes `ms`, and what does not depend on memory. */
const usd = (memoryMb: number, ms: number) => 1.2 + 0.0167 * ms * (memoryMb / 1024);

/** One thread that uses 200 ms of CPU. */
const heavy: Truth = (memoryMb) => {
  const ms = 200 / Math.min(1, memoryMb / 1769);
  return {
    p50Ms: ms + 4,
    p99Ms: 1.1 * ms + 4,
    handlerMs: ms,
    initMs: 150,
    firstCallMs: ms + 30 / Math.min(1, memoryMb / 1769),
    cpuMs: 200,
    costUsd: usd(memoryMb, ms + 4),
  };
};

/** 2 ms of CPU: only what is first in an environment is slowed by a small size. */
const light: Truth = (memoryMb) => ({
  p50Ms: 5,
  p99Ms: 9,
  handlerMs: 2,
  backendMs: 2.5,
  initMs: 200,
  firstCallMs: 60 / Math.min(1, memoryMb / 1769),
  connectionMs: 3,
  cpuMs: 2,
  costUsd: usd(memoryMb, 5),
});

test('a call of 200 ms follows the law: b is its CPU, and one thread gains nothing beyond a vCPU', () => {
  const scaling = scalingOf(sweep({ truth: heavy }));
  const { kind, fit, ratio, finding } = quantity(scaling, 'p50');
  expect(kind).toBe('fit');
  expect(fit?.bMs).toMatchObject({ interval: 'trials_t', trials: 5 });
  expect(Math.abs((fit?.bMs.value as number) / 200 - 1)).toBeLessThan(0.1);
  expect(fit?.s).toBe(1);
  expect(fit?.lackOfFitShare).toBeLessThan(0.05);
  expect(fit?.curve[0]).toMatchObject({ memoryMb: 512 });
  expect(ratio).toMatchObject({ interval: 'paired_t', trials: 5 });
  expect(finding).toContain('up to 1769 MB (one thread) and no further');
  expect(finding).toMatch(/3\.\d times faster \[/);
  expect(scaling.sizes.map(({ fitsInPeriod }) => fitsInPeriod)).toEqual(Array(5).fill(false));
  expect(scaling.finding).toContain('more than the quota of a period');
});

test('a call of 2 ms does not scale: no b, and more memory buys only first calls', () => {
  const scaling = scalingOf(sweep({ truth: light, rounds: 10 }));
  for (const name of ['p50', 'p99', 'handler', 'backend', 'connection'] as const) {
    expect(quantity(scaling, name), name).toMatchObject({ kind: 'staircase', fit: null });
  }
  expect(quantity(scaling, 'p50').finding).toContain('One call costs 2.00 ms of CPU: it fits');
  expect(quantity(scaling, 'p50').finding).toContain('at every size from 512 MB up');
  expect(quantity(scaling, 'first_call').kind).toBe('fit');
  expect(quantity(scaling, 'init')).toMatchObject({ kind: 'full_cpu', fit: null });
  expect(scaling.finding).toMatch(
    /one call costs 2\.00 ms of CPU, which fits in the quota of a single period from 512 MB up; more memory makes first calls 3\.\d times faster \[.*; nothing else is shown/,
  );
  expect(scaling.finding).not.toContain('init');
});

test('a call that outlasts the quota at the smallest sizes only has no b', () => {
  const truth: Truth = (memoryMb) => ({ ...light(memoryMb), cpuMs: 8, p50Ms: 8 });
  const { kind, finding } = quantity(scalingOf(sweep({ truth })), 'p50');
  expect(kind).toBe('staircase');
  expect(finding).toContain('from 1024 MB up, not at 512 MB');
});

test('too few sizes or rounds are said, and void sizes are left out and named', () => {
  const cells = sweep({ truth: heavy });
  (cells[1] as CellAnalysis).validity.state = 'void';
  const scaling = scalingOf(cells);
  expect(scaling.sizes.map(({ memoryMb }) => memoryMb)).toEqual([512, 1769, 2048, 3008]);
  expect(quantity(scaling, 'p50')).toMatchObject({ kind: 'unknown', fit: null });
  expect(quantity(scaling, 'p50').finding).toContain('a fit needs 5 sizes');
  expect(scaling.finding).toContain('1024 MB is void or without figures and left out');

  const two = scalingOf(sweep({ truth: heavy, rounds: 2 }));
  expect(quantity(two, 'p50').fit?.bMs).toMatchObject({ low: null, interval: 'none', trials: 2 });
  expect(quantity(two, 'first_call').kind).toBe('unknown');

  for (const cell of cells.slice(1)) cell.validity.state = 'void';
  expect(scalingOf(cells)).toMatchObject({ quantities: [], advice: [] });
});

test('of a gate the sizes of head are weighed, and none is advised for base', () => {
  const side = (revision: 'base' | 'head') =>
    sweep({ truth: heavy }).map((one) => {
      const { id, endpoint } = one.cell;
      const cell = { ...one.cell, id: `${id}-${revision}`, endpoint: { ...endpoint, revision } };
      return { ...one, cell };
    });
  const scaling = scalingOf([...side('base'), ...side('head')]);
  expect(scaling.label).toBe('head');
  expect(scaling.sizes.every(({ cellId }) => cellId.endsWith('-head'))).toBe(true);
});

test('without a quota, or without CPU figures, no law is stated', () => {
  const none = scalingOf(sweep({ truth: heavy }), (run) => {
    run.fingerprint.cpuMode = 'none';
  });
  expect(none.quantities.every(({ kind, fit }) => kind === 'unknown' && fit === null)).toBe(true);
  expect(none.advice.every(({ memoryMb }) => memoryMb === null)).toBe(true);
  expect(none.finding).toContain('cannot be said');

  const noCpu: Truth = (memoryMb) => ({ ...light(memoryMb), cpuMs: undefined as never });
  const aws = scalingOf(
    sweep({ truth: noCpu }).map((cell) => ({
      ...cell,
      perTrial: cell.perTrial.map((trial) => ({ ...trial, cpuMs: null })),
    })),
  );
  expect(aws.sizes[0]?.cpuPerCallMs.note).toContain('the handler’s time at 3008 MB');
  expect(quantity(aws, 'p50').kind).toBe('staircase');
  expect(quantity(aws, 'p50').finding).toContain('at most');
});

test('forced cold starts rest on the CPU of first calls, beside an init that no size changes', () => {
  const truth: Truth = (memoryMb) => {
    const firstCallMs = 60 / Math.min(1, memoryMb / 1769);
    return { ...light(memoryMb), p50Ms: 250 + firstCallMs, firstCallMs };
  };
  const cells = sweep({ truth, rounds: 10 });
  for (const { cell } of cells) cell.profile = { kind: 'cold', coldStarts: 20, warmRequests: 5 };
  const scaling = scalingOf(cells);
  const { kind, fit } = quantity(scaling, 'p50');
  expect(kind).toBe('fit');
  expect(Math.abs((fit?.bMs.value as number) / 60 - 1)).toBeLessThan(0.2);
  expect(scaling.finding).toContain('a first call costs');
});

test('a b that is not the CPU that was measured stands beside it', () => {
  // As after pauses: below a vCPU a call takes about 20 ms − 10 ms × vCPUs less than by the law.
  const truth: Truth = (memoryMb) => {
    const vcpus = memoryMb / 1769;
    const p50Ms = vcpus >= 1 ? 60 : 60 / vcpus - (20 - 10 * vcpus);
    return { ...heavy(memoryMb), p50Ms, cpuMs: 60 };
  };
  const { kind, finding } = quantity(scalingOf(sweep({ truth, rounds: 10, noise: 0.01 })), 'p50');
  expect(kind).toBe('fit');
  expect(finding).toContain('The CPU measured is 60.0 ms: small sizes gain');
});

test('a backend that only waits is no work of the CPU, however long it takes', () => {
  const truth: Truth = (memoryMb) => ({ ...heavy(memoryMb), backendMs: 40 });
  const { kind, fit } = quantity(scalingOf(sweep({ truth, rounds: 10 })), 'backend');
  expect(kind).not.toBe('fit');
  expect(fit).toBeNull();
});

test('a size is off the front only if another is shown to be cheaper and faster', () => {
  // From 1769 MB up the handler is as fast and costs more: not slower, so not off the front.
  const same = scalingOf(sweep({ truth: heavy }));
  expect(same.sizes.map(({ efficient }) => efficient)).toEqual(Array(5).fill(true));
  const worse: Truth = (memoryMb) => {
    const made = heavy(memoryMb);
    return memoryMb === 3008 ? { ...made, p99Ms: 300, costUsd: 30 } : made;
  };
  const { sizes } = scalingOf(sweep({ truth: worse }));
  expect(sizes.map(({ dominatedByMb }) => dominatedByMb)).toEqual([null, null, null, null, 1769]);
  const once = scalingOf(sweep({ truth: worse, rounds: 1 }));
  expect(once.sizes.map(({ efficient }) => efficient)).toEqual(Array(5).fill(null));
});

test('advice: shown where every interval says so, ties named, one round open', () => {
  const scaling = scalingOf(sweep({ truth: heavy, rounds: 10 }));
  expect(goal(scaling, 'fastest')).toMatchObject({ rounds: 10 });
  expect(goal(scaling, 'fastest').sureness).not.toBe('shown');
  expect(goal(scaling, 'fastest').ties.length).toBeGreaterThan(0);
  expect(goal(scaling, 'fastest').ties.every((mb) => mb >= 1769)).toBe(true);
  const cheap = scalingOf(sweep({ truth: light, rounds: 10 }));
  expect(goal(cheap, 'cheapest')).toMatchObject({ memoryMb: 512, sureness: 'shown', ties: [] });
  expect(goal(cheap, 'cheapest').finding).toContain('in 10 of 10 rounds');
  expect(goal(cheap, 'balanced').memoryMb).toBe(512);
  const once = scalingOf(sweep({ truth: light, rounds: 1 }));
  for (const { sureness, finding } of once.advice) {
    expect(sureness).toBe('open');
    expect(finding).toContain('one round, which does not tell chance from difference');
  }
});

test('CPU whose interval holds the quota fits by its mean alone', () => {
  const near: Truth = (memoryMb) => ({ ...light(memoryMb), cpuMs: 5.7 });
  const cells = sweep({ truth: near, noise: 0.5 }).map((cell) => ({
    ...cell,
    perTrial: cell.perTrial.map((trial, i) => ({
      ...trial,
      cpuMs: [5, 5.4, 5.6, 6, 6.4][i] as number,
    })),
  }));
  const scaling = scalingOf(cells);
  expect(scaling.sizes[0]?.fitsInPeriod).toBe(null);
  expect(quantity(scaling, 'p50').finding).toContain(
    'by its mean, though not by its interval, it fits in the quota of a single period at every size',
  );
  expect(scaling.finding).toContain('which by its mean alone fits in the quota');
});

test('a fit whose time without CPU is below 0 is said to be no law; between sizes nothing is claimed', () => {
  const below: Truth = (memoryMb) => ({
    ...light(memoryMb),
    connectionMs: 20 / Math.min(1, memoryMb / 1769) - 4,
  });
  const scaling = scalingOf(sweep({ truth: below, noise: 0.005 }));
  const { kind, fit, finding } = quantity(scaling, 'connection');
  expect(kind).toBe('fit');
  expect(fit?.aMs.high).toBeLessThan(0);
  expect(finding).toContain('No time is below 0, so the law describes these sizes at best');
  expect(scaling.finding).toContain('is shown to be faster at 3008 MB than at 512 MB');
});

test('the cheapest size that meets the objective: shown, likely, or none', () => {
  const advised = (ms: number, rounds = 5) =>
    goal(
      scalingOf(sweep({ truth: heavy, rounds, noise: 0.01 }), (run) => {
        run.plan.slo = { quantile: 'p99', ms };
      }),
      'slo',
    );
  expect(advised(600)).toMatchObject({ memoryMb: 1024, sureness: 'shown', roundsBest: 5 });
  expect(advised(230).sureness).toBe('likely');
  expect(advised(100)).toMatchObject({ memoryMb: null, sureness: 'shown' });
  expect(advised(100).finding).toContain('No size meets p99 ≤ 100 ms');
  expect(advised(600, 1)).toMatchObject({ memoryMb: 1024, sureness: 'open', rounds: 1 });
});

test('where costs are not known, cheapest and balanced say why', () => {
  const cells = sweep({ truth: light }).map((cell) => ({
    ...cell,
    perTrial: cell.perTrial.map((trial) => ({ ...trial, costUsd: null })),
    cost: { ...cell.cost, total: noFigure('usd', 'no price of this region') },
  }));
  const scaling = scalingOf(cells);
  expect(goal(scaling, 'cheapest')).toMatchObject({ memoryMb: null, sureness: 'open' });
  expect(goal(scaling, 'cheapest').finding).toContain('no price of this region');
  expect(scaling.sizes.every(({ efficient }) => efficient === null)).toBe(true);
});
