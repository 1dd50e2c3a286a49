import type { Comparison, Figure, Ratios } from '../../model/analysis.ts';
import { levelText } from '../../model/cell-names.ts';
import { describeRatio, isShown, plainRatio, ratioWords, strength } from './ratio-words.ts';

type Found = Omit<Comparison, 'finding'>;

/** A ratio of two levels in one panel. */
interface Pair {
  label: string;
  level: string;
  reference: string;
  ratios: Ratios;
}

/** The percentiles a finding may rest on, best first. */
const QUANTILES = ['p50', 'p95', 'p99'] as const;
type Quantile = (typeof QUANTILES)[number];

/**
 * The largest difference that is shown, of p50 where it shows one, and, for the same two levels, where
 * it is least. The other percentiles are in the table.
 */
export function comparisonFinding(found: Found): string {
  const pairs = pairsOf(found);
  const quantile = tellingQuantile(pairs);
  const best = strongest(pairs, quantile);
  const text = (level: string) => levelText(found.factor, level);
  if (best === undefined) {
    const names = found.levels.map(text).join(', ');
    return `No ratio of ${names} can be stated: fewer than two have figures that may be used`;
  }
  if (found.factor === 'revision') return revisionFinding(pairs, strongest(pairs, 'p50') ?? best);
  const words = answers(best.ratios[quantile], text(best.level), text(best.reference), quantile);
  const sentence = best.label === '' ? words.replace(/^no /, 'No ') : `At ${best.label}, ${words}`;
  if (quantile !== 'p50') return `${sentence}; at p50 ${ratioWords(best.ratios.p50)}`;
  const others = pairs.filter(
    (pair) => pair.level === best.level && pair.reference === best.reference && pair !== best,
  );
  const least = others.sort((a, b) => strength(a.ratios.p50) - strength(b.ratios.p50))[0];
  if (least === undefined || least.ratios.p50.value === null) return sentence;
  return `${sentence}; at ${least.label} ${ratioWords(least.ratios.p50)}`;
}

/** The ratio alone: this interval is not the gate's, and whether head is slower its verdict says. */
function revisionFinding(pairs: readonly Pair[], furthest: Pair): string {
  const { value } = furthest.ratios.p50;
  if (value === null) return 'No ratio of p50 can be stated of head and base';
  const { interval } = describeRatio(furthest.ratios.p50);
  const where = furthest.label === '' ? '' : ` at ${furthest.label}`;
  const most = pairs.length > 1 ? `, the furthest from 1 of ${pairs.length} cells` : '';
  return `p50 of head ÷ base is ${plainRatio(value)}${intervalOf(furthest.ratios.p50, interval)}${where}${most}`;
}

/** Of a ratio below 1 `describeRatio` gives the interval of its inverse. */
function intervalOf({ low, high }: Figure, other: string): string {
  return low === null || high === null ? other : ` [${plainRatio(low)}, ${plainRatio(high)}]`;
}

function answers(ratio: Figure, level: string, reference: string, quantile: Quantile): string {
  const { kind, what, interval } = describeRatio(ratio);
  switch (kind) {
    case 'unknown':
    case 'undecided':
      return `no difference between ${level} and ${reference} is shown at ${quantile}${interval}`;
    case 'same':
      return `${level} and ${reference} take the same time to within 5% at ${quantile}${interval}`;
    case 'differs':
      return `${level} answers ${what} than ${reference} at ${quantile}${interval}`;
  }
}

/** How telling a comparison is: shown differences first, then by size. */
export function tellingness(comparison: Comparison): number {
  const pairs = pairsOf(comparison);
  const quantile = tellingQuantile(pairs);
  const best = strongest(pairs, quantile)?.ratios[quantile];
  return best === undefined ? -1 : strength(best) + (isShown(best) ? 1000 : 0);
}

/** Whether any percentile of any pair has an interval that leaves out "no difference". */
export function showsDifference(comparison: Comparison): boolean {
  return pairsOf(comparison).some(({ ratios }) => QUANTILES.some((q) => isShown(ratios[q])));
}

/** The first that shows a difference of more than rounding; else p50. */
function tellingQuantile(pairs: readonly Pair[]): Quantile {
  const shows = (quantile: Quantile) =>
    pairs.some(({ ratios }) => {
      const ratio = ratios[quantile];
      return isShown(ratio) && describeRatio(ratio).kind === 'differs';
    });
  return QUANTILES.find(shows) ?? 'p50';
}

function strongest(pairs: readonly Pair[], quantile: Quantile): Pair | undefined {
  const known = pairs.filter(({ ratios }) => ratios[quantile].value !== null);
  const shown = known.filter(({ ratios }) => isShown(ratios[quantile]));
  return [...(shown.length > 0 ? shown : known)].sort(
    (a, b) => strength(b.ratios[quantile]) - strength(a.ratios[quantile]),
  )[0];
}

function pairsOf({ panels }: Found): Pair[] {
  return panels.flatMap(({ label, reference, members }) =>
    members.flatMap(({ level, ratios }) =>
      ratios === null || reference === null ? [] : [{ label, level, reference, ratios }],
    ),
  );
}
