import type { CellAnalysis, Comparison } from '../../model/analysis.ts';
import { FACTORS, type Revision } from '../../model/endpoint.ts';
import { ratiosOf } from '../figures/paired-ratio.ts';
import { comparisonFinding } from './findings.ts';
import { levelsOf, panelsOf } from './panels.ts';

/**
 * Cells compared by each factor that varies, all others held. Others are divided by the first level
 * with figures, head by base or by nothing; a void cell is divided by nothing and nothing by it.
 */
export function compareCells(cells: readonly CellAnalysis[]): Comparison[] {
  return FACTORS.flatMap((factor) => {
    const panels = panelsOf(cells, factor).map(({ label, members }) => {
      const mayDivide = factor === 'revision' ? members.filter(isBase) : members;
      const reference = mayDivide.find(({ cell }) => hasFigures(cell)) ?? null;
      return {
        label,
        reference: reference?.level ?? null,
        members: members.map(({ level, cell }) => ({
          level,
          cellId: cell.cell.id,
          ratios:
            reference === null || cell === reference.cell || !hasFigures(cell)
              ? null
              : ratiosOf(cell, reference.cell),
        })),
      };
    });
    if (panels.length === 0) return [];
    const found = { factor, levels: levelsOf(cells, factor), panels };
    return [{ ...found, finding: comparisonFinding(found) }];
  });
}

const isBase = ({ level }: { level: string }) => level === ('base' satisfies Revision);

export function hasFigures({ validity, latency }: CellAnalysis): boolean {
  return validity.state !== 'void' && latency.p50.value !== null;
}
