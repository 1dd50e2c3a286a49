import type { Causes, Comparison } from '../../model/analysis.ts';
import { intervalsOverlap } from '../../model/figure.ts';
import { largestFinding } from '../compare/cause-sentences.ts';
import { showsDifference, tellingness } from '../compare/findings.ts';
import { type Named, rankedBy, sharedQuantile } from './named.ts';
import { sentence } from './words.ts';

/** A sentence a factor, the most telling first; none where the first sentence has said it. */
export function factorSentences(
  usable: readonly Named[],
  comparisons: readonly Comparison[],
  causes: readonly Causes[],
): string[] {
  const said = isSaid(usable, comparisons);
  const told = [...comparisons]
    .filter((comparison) => !said && tellingness(comparison) >= 0)
    .sort((a, b) => tellingness(b) - tellingness(a))
    .map(({ finding }) => sentence(finding));
  const apart = causes.filter(({ panels }) => panels.some(({ steps }) => steps.length > 0));
  const both = told.length > 0 && comparisons.some(({ factor }) => factor === 'variant');
  // The comparison by variant has said what all features do together.
  const causesTold = apart.map((one) =>
    sentence((both && largestFinding(one.panels)) || one.finding),
  );
  return [...told, ...causesTold];
}

/**
 * Whether the first sentence tells the one comparison of two cells. Where intervals of its percentile
 * overlap it tells of no difference, and the rounds, being paired, may still show one.
 */
function isSaid(usable: readonly Named[], comparisons: readonly Comparison[]): boolean {
  const [only] = comparisons;
  if (comparisons.length !== 1 || only?.panels.length !== 1 || usable.length !== 2) return false;
  const q = sharedQuantile(usable);
  if (q === undefined) return true;
  const [best, slowest] = rankedBy(usable, ({ latency }) => latency[q]);
  if (best === undefined || slowest === undefined) return true;
  return !intervalsOverlap(best.cell.latency[q], slowest.cell.latency[q]) || !showsDifference(only);
}
