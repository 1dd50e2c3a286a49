import type { Analysis, CellAnalysis, Ratios } from '../model/analysis.ts';
import { FACTOR_NAMES, levelText } from '../model/cell-names.ts';
import { rankingQuantile } from '../model/common-quantile.ts';

/** The percentile beside p50 in comparisons: p99, or p95 where some cell has too few requests. */
export type TailName = 'p99' | 'p95';

export function tailOf(cells: readonly Pick<CellAnalysis, 'latency' | 'validity'>[]): TailName {
  return rankingQuantile(cells).name === 'p99' ? 'p99' : 'p95';
}

/** A ratio of two levels as a row of text. */
export interface ComparisonRow {
  /** What is held: `x100`; may be empty. */
  held: string;
  /** `indexed ÷ as-published`. */
  change: string;
  ratios: Ratios;
}

/** The ratios of each comparison; cells without one (void, or the reference itself) have no row. */
export function comparisonRows({
  comparisons,
}: Analysis): { name: string; finding: string; rows: ComparisonRow[] }[] {
  return comparisons.flatMap(({ factor, finding, panels }) => {
    const rows = panels.flatMap(({ label, reference, members }) =>
      members.flatMap(({ level, ratios }) =>
        ratios === null || reference === null
          ? []
          : [
              {
                held: label,
                change: `${levelText(factor, level)} ÷ ${levelText(factor, reference)}`,
                ratios,
              },
            ],
      ),
    );
    return rows.length === 0 ? [] : [{ name: FACTOR_NAMES[factor], finding, rows }];
  });
}
