import type { CellAnalysis, Comparison } from '../../model/analysis.ts';
import { comparisonFinding } from '../compare/findings.ts';

/**
 * What the headline of a gate's run may say of factors: how levels compare at head. Whether head is
 * slower than base is the verdict's to say, and base is no alternative to choose.
 */
export function ofHead(
  comparisons: readonly Comparison[],
  cells: readonly CellAnalysis[],
): Comparison[] {
  const bases = cells.flatMap(({ cell }) => (cell.endpoint.revision === 'base' ? [cell.id] : []));
  if (bases.length === 0) return [...comparisons];
  return comparisons.flatMap(({ factor, levels, panels }) => {
    if (factor === 'revision') return [];
    const own = panels.filter(({ members }) =>
      members.every(({ cellId }) => !bases.includes(cellId)),
    );
    const found = { factor, levels, panels: own };
    return own.length === 0 ? [] : [{ ...found, finding: comparisonFinding(found) }];
  });
}
