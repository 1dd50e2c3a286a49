import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { mean, median } from 'simple-statistics';
import { type Bench, openBench } from '../src/emulator/functions/testing/open-bench.ts';
import { simulateQuota } from './quota-simulation.ts';

/**
 * Does an environment get the CPU that Lambda gives it? Sustained work should take
 * CPU × 1769 / memory (the law); short work what quota and period make of it (the simulation).
 * Usage: node benchmarks/cpu-law.ts [--quick] [--short] [--work=10]
 */
const QUICK = process.argv.includes('--quick');
/** Only the patterns that are compared with the simulation. */
const SHORT = process.argv.includes('--short');
/** Only the patterns of this much work, in ms. */
const ONLY_MS = Number(process.argv.find((arg) => arg.startsWith('--work='))?.slice(7) ?? 0);
const SIZES_MB = [128, 256, 512, 1024, 1769];
const PERIOD_US = 20_000;
const TICK_US = 4000;
const SIMULATED_CALLS = 4000;

interface Pattern {
  workMs: number;
  pauseMs: number;
  calls: number;
  /** Compared with the law or with the simulation. */
  against: 'law' | 'simulation';
}

const PATTERNS: Pattern[] = [
  { workMs: 50, pauseMs: 0, calls: QUICK ? 10 : 40, against: 'law' },
  { workMs: 500, pauseMs: 300, calls: QUICK ? 2 : 5, against: 'law' },
  { workMs: 2, pauseMs: 30, calls: QUICK ? 60 : 200, against: 'simulation' },
  { workMs: 5, pauseMs: 60, calls: QUICK ? 40 : 150, against: 'simulation' },
  { workMs: 10, pauseMs: 120, calls: QUICK ? 25 : 100, against: 'simulation' },
];

/** Without the tenth at either end: short work under a quota has two lengths, and a host has hiccups. */
function trimmedMean(values: number[]): number {
  const cut = Math.floor(values.length / 10);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}

function sliceUs(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/sched_cfs_bandwidth_slice_us', 'utf8'));
  } catch {
    return 5000;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Duration and CPU of one call, in µs; the CPU is the whole environment's. */
async function measure(bench: Bench, name: string, rounds: number) {
  const before = await bench.host.facts();
  const result = await bench.call(name, { action: 'spin', rounds });
  if (result.kind !== 'answer') throw new Error(JSON.stringify(result));
  const after = await bench.host.facts();
  return {
    wallUs: result.record.durationUs,
    cpuUs: after.environmentCpuUs - before.environmentCpuUs,
    hostWaitUs: after.hostWaitUs - before.hostWaitUs,
  };
}

async function series(bench: Bench, name: string, rounds: number, pattern: Pattern) {
  const calls: Awaited<ReturnType<typeof measure>>[] = [];
  for (let i = 0; i < pattern.calls; i += 1) {
    if (pattern.pauseMs > 0) await pause(pattern.pauseMs * (0.75 + Math.random() / 2));
    calls.push(await measure(bench, name, rounds));
  }
  return calls;
}

const bench = await openBench();
const { cpuMode } = await bench.host.facts();
if (cpuMode === 'none') throw new Error('this machine has no CPU quotas: see bench doctor');
for (const memoryMb of SIZES_MB) await bench.create(`f${memoryMb}`, { memoryMb, timeoutS: 60 });
await bench.create('free', { memoryMb: 4000, timeoutS: 60 });

// Rounds per ms of CPU, and what a call costs besides.
const TRIAL_ROUNDS = 20_000_000;
for (let i = 0; i < 5; i += 1) await measure(bench, 'free', TRIAL_ROUNDS);
const trial: number[] = [];
const empty: number[] = [];
for (let i = 0; i < 15; i += 1) {
  trial.push((await measure(bench, 'free', TRIAL_ROUNDS)).cpuUs);
  empty.push((await measure(bench, 'free', 0)).cpuUs);
}
const overheadUs = median(empty);
const roundsPerMs = (TRIAL_ROUNDS / (median(trial) - overheadUs)) * 1000;
console.log(
  `load average ${loadavg()[0]?.toFixed(2)}; a call without work costs ${overheadUs.toFixed(0)} µs of CPU`,
);
console.log(
  'memory  work                  CPU   median      law  median/law     mean      sim  mean/sim  host wait (ms)',
);

const patterns = PATTERNS.filter(
  ({ against, workMs }) =>
    (!SHORT || against === 'simulation') && (ONLY_MS === 0 || workMs === ONLY_MS),
);
for (const pattern of patterns) {
  for (const memoryMb of SIZES_MB) {
    const name = `f${memoryMb}`;
    const rounds = Math.round(pattern.workMs * roundsPerMs);
    // Optimised before it is measured, and its debts paid.
    for (let i = 0; i < 3; i += 1) await measure(bench, name, Math.round(roundsPerMs * 3));
    await pause(300);
    const idle = await series(bench, name, 0, { ...pattern, calls: 20 });
    const calls = await series(bench, name, rounds, pattern);
    const kept = pattern.pauseMs === 0 ? calls.slice(Math.floor(calls.length / 5)) : calls;
    const idleCpuUs = median(idle.map((call) => call.cpuUs));
    const cpuUs = median(kept.map((call) => call.cpuUs)) - idleCpuUs;
    const wallUs = median(kept.map((call) => call.wallUs));
    const lawUs = cpuUs * Math.max(1, 1769 / memoryMb);
    const simulated = simulateQuota({
      quotaUs: (memoryMb / 1769) * PERIOD_US,
      periodUs: PERIOD_US,
      sliceUs: sliceUs(),
      tickUs: TICK_US,
      // The quota is charged for all that the environment does, waking and freezing included.
      workUs: cpuUs + idleCpuUs,
      pauseUs: pattern.pauseMs * 1000,
      calls: SIMULATED_CALLS,
      seed: 1,
    });
    // A call takes its time even without work: the way to the handler and back.
    const idleWallUs = median(idle.map((call) => call.wallUs));
    const simulatedUs = trimmedMean(simulated) - idleCpuUs + idleWallUs;
    const meanUs = trimmedMean(kept.map((call) => call.wallUs));
    const label = `${pattern.workMs} ms ${pattern.pauseMs === 0 ? 'back to back' : 'with pauses'}`;
    const ms = (us: number): string => (us / 1000).toFixed(2).padStart(8);
    const ratio = (value: number, star: boolean): string =>
      `${value.toFixed(3)}${star ? (Math.abs(value - 1) <= 0.1 ? ' ok' : ' !!') : '   '}`.padStart(
        9,
      );
    console.log(
      `${String(memoryMb).padStart(5)}  ${label.padEnd(19)} ${ms(cpuUs)} ${ms(wallUs)} ${ms(lawUs)} ` +
        `${ratio(wallUs / lawUs, pattern.against === 'law')} ${ms(meanUs)} ${ms(simulatedUs)} ` +
        `${ratio(meanUs / simulatedUs, pattern.against === 'simulation')} ` +
        `${ms(median(kept.map((call) => call.hostWaitUs)))}`,
    );
  }
}
await bench.close();
