import type { CellAnalysis } from './analysis.ts';

/** The latency figures that cells are ranked and spoken of by, best first. */
export const QUANTILES = [
  { name: 'p99', quantile: 0.99 },
  { name: 'p95', quantile: 0.95 },
  { name: 'p90', quantile: 0.9 },
  { name: 'p50', quantile: 0.5 },
] as const;
export type QuantileName = (typeof QUANTILES)[number]['name'];

/** The best that every one of the cells has; undefined where they have none in common. */
export function commonQuantile(
  cells: readonly Pick<CellAnalysis, 'latency'>[],
): (typeof QUANTILES)[number] | undefined {
  return QUANTILES.find(({ name }) => cells.every(({ latency }) => latency[name].value !== null));
}

/** The same of the cells of a page: those that are void or have no figures are left out. */
export function rankingQuantile(
  cells: readonly Pick<CellAnalysis, 'latency' | 'validity'>[],
): (typeof QUANTILES)[number] {
  const known = cells.filter(
    ({ latency, validity }) => validity.state !== 'void' && latency.p50.value !== null,
  );
  return commonQuantile(known) ?? QUANTILES[0];
}
