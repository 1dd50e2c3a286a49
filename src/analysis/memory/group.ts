import type { CellAnalysis, Figure, TrialFigure } from '../../model/analysis.ts';
import { commonQuantile } from '../../model/common-quantile.ts';
import { MB_PER_VCPU } from '../../model/endpoint.ts';
import type { Run } from '../../model/run.ts';
import { hasFigures } from '../compare/comparisons.ts';
import { panelsOf } from '../compare/panels.ts';
import { trialsFigure } from '../figures/figure.ts';

/** The kernel hands out a quota by periods of this length. */
const PERIOD_MS = 20;

/** A size of a group, with the CPU of one of its warm calls. */
export interface Size {
  memoryMb: number;
  cell: CellAnalysis;
  vcpus: number;
  quotaMs: number;
  cpu: Figure;
  /** Else `cpu` is an upper bound. */
  cpuMeasured: boolean;
}

/** Cells that differ in memory alone; those that may be used. */
export interface Group {
  label: string;
  /** Ascending. */
  sizes: Size[];
  /** Sizes that are void or without figures. */
  leftOutMb: number[];
  /** CPU is in proportion to memory. */
  quota: boolean;
  /** Environments are initialised beforehand, under the function's own quota. */
  provisioned: boolean;
  /** Every request that latency is of is the first of its environment. */
  forcedCold: boolean;
  /** The latency that sizes are ranked by: the best percentile that all have. */
  latency: Latency;
}

export interface Latency {
  name: 'p50' | 'p95' | 'p99';
  perTrial: 'p50Ms' | 'p95Ms' | 'p99Ms';
}

/** Of a gate's run those of head: nobody chooses a size for the code that is to be replaced. */
export function groupsOf(cells: readonly CellAnalysis[], run: Run): Group[] {
  const panels = panelsOf(cells, 'memoryMb').filter(
    ({ members }) => members[0]?.cell.cell.endpoint.revision !== 'base',
  );
  return panels.map(({ label, members }) => {
    const all = members.map(({ cell }) => cell);
    const usable = all.filter(hasFigures);
    const [first] = all;
    const forcedCold = first?.cell.profile.kind === 'cold';
    return {
      label,
      sizes: withCpu(usable, forcedCold),
      leftOutMb: all.filter((cell) => !hasFigures(cell)).map(memoryOf),
      quota: run.fingerprint.cpuMode !== 'none',
      provisioned: (first?.cell.endpoint.provisionedConcurrency ?? 0) > 0,
      forcedCold,
      latency: latencyOf(usable),
    };
  });
}

/** Where cells differ in memory, it is known. */
const memoryOf = ({ cell }: CellAnalysis) => cell.endpoint.memoryMb as number;

function withCpu(cells: readonly CellAnalysis[], forcedCold: boolean): Size[] {
  const fromHandler = cpuFromHandler(cells);
  return cells.map((cell) => {
    const memoryMb = memoryOf(cell);
    const vcpus = memoryMb / MB_PER_VCPU;
    const measured = valuesOf(cell, 'cpuMs');
    const cpuMeasured = measured.length > 0;
    const mean = cpuMeasured ? trialsFigure(measured, 'ms', cell.requests) : fromHandler;
    const cpu = forcedCold ? { ...mean, note: 'with first calls, which cost more' } : mean;
    return { memoryMb, cell, vcpus, quotaMs: vcpus * PERIOD_MS, cpu, cpuMeasured };
  });
}

/**
 * Where CPU is not measured (AWS): the handler's time at the largest size, if that is a vCPU or more.
 * One thread cannot have used more, and it may have waited, so this is an upper bound.
 */
function cpuFromHandler(cells: readonly CellAnalysis[]): Figure {
  const largest = cells.at(-1);
  if (largest === undefined || memoryOf(largest) < MB_PER_VCPU) {
    const note = `CPU was not measured, and no size has a vCPU (${MB_PER_VCPU} MB) to take it from the handler’s time`;
    return { ...trialsFigure([], 'ms', 0), note };
  }
  const found = trialsFigure(valuesOf(largest, 'handlerMs'), 'ms', largest.requests);
  if (found.value === null) return found;
  return { ...found, note: `at most: the handler’s time at ${memoryOf(largest)} MB` };
}

export function valuesOf(cell: CellAnalysis, of: TrialFigure): number[] {
  return cell.perTrial.flatMap((trial) => trial[of] ?? []);
}

/** Of p90 there is no figure by trial, and pairs of rounds need one. */
function latencyOf(cells: readonly CellAnalysis[]): Latency {
  const common = commonQuantile(cells)?.name;
  if (common === 'p99') return { name: 'p99', perTrial: 'p99Ms' };
  const all95 = common === 'p95' && cells.every((cell) => valuesOf(cell, 'p95Ms').length > 0);
  return all95 ? { name: 'p95', perTrial: 'p95Ms' } : { name: 'p50', perTrial: 'p50Ms' };
}
