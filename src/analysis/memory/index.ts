import type { CellAnalysis } from '../../model/analysis.ts';
import type { MemoryScaling } from '../../model/memory-scaling.ts';
import type { Run } from '../../model/run.ts';
import { bestSizes } from './best-sizes.ts';
import { efficiencyOf } from './front.ts';
import { type Group, groupsOf, type Size } from './group.ts';
import { groupFinding } from './group-finding.ts';
import { latencyMeasure } from './pairs.ts';
import { scaledQuantities } from './scaled.ts';
import { sloAdvice } from './slo.ts';

/**
 * What memory buys: of each group of cells that differ in it alone, how every duration depends on it,
 * which sizes are worth their money, and which to take. Void cells are left out, and named.
 */
export function memoryScaling(cells: readonly CellAnalysis[], run: Run): MemoryScaling[] {
  return groupsOf(cells, run).map((group) => {
    const several = group.sizes.length > 1;
    const quantities = several ? scaledQuantities(group) : [];
    const { slo } = run.plan;
    const objective = slo === null ? [] : [sloAdvice(group, slo)];
    const advice = several ? [...bestSizes(group), ...objective] : [];
    return {
      label: group.label,
      rankedBy: group.latency.name,
      ...groupFinding(group, quantities, advice),
      sizes: group.sizes.map((size) => sizeRow(size, group)),
      quantities,
      advice,
    };
  });
}

function sizeRow(size: Size, group: Group): MemoryScaling['sizes'][number] {
  const { memoryMb, cell, quotaMs, cpu } = size;
  return {
    memoryMb,
    cellId: cell.cell.id,
    quotaMs,
    cpuPerCallMs: cpu,
    fitsInPeriod: fits(size),
    costUsd: cell.cost.total,
    ...efficiencyOf(size, group.sizes, latencyMeasure(group)),
  };
}

/** null: CPU is not known, is only bounded, or its interval holds the quota. */
function fits({ cpu: { value, low, high }, cpuMeasured, quotaMs }: Size): boolean | null {
  if (value === null) return null;
  if ((high ?? value) <= quotaMs) return true;
  return cpuMeasured && (low ?? value) > quotaMs ? false : null;
}
