import { inSentence } from '../../base/words.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import { type Figure, intervalsOverlap } from '../../model/figure.ts';
import { withInterval } from '../figures/words.ts';
import { type Named, rankedBy } from './named.ts';
import { hedge } from './validity.ts';
import { sentence } from './words.ts';

const untilWarm = ({ burst }: CellAnalysis): Figure => (burst as Burst).untilWarmS;
type Burst = NonNullable<CellAnalysis['burst']>;

/** How long until the cells of a burst are warm: the first of them, and the last where it is shown. */
export function burstSentences(named: readonly Named[]): string[] {
  const bursts = named.filter(({ cell }) => cell.burst !== null);
  const order = rankedBy(bursts, untilWarm);
  const first = order[0] ?? bursts[0];
  const last = order.at(-1);
  if (first === undefined) return [];
  const finding = (first.cell.burst as Burst).finding.replace(/\.$/, '');
  const start =
    named.length === 1 ? sentence(finding) : sentence(`at ${first.name}: ${inSentence(finding)}`);
  const found = [start.replace(/\.$/, `${hedge(bursts)}.`)];
  if (last !== undefined && last !== first) found.push(slowest(first, last));
  return found;
}

function slowest(first: Named, last: Named): string {
  const [low, high] = [untilWarm(first.cell), untilWarm(last.cell)];
  const known = low.high !== null && high.low !== null;
  if (!known) {
    return `The slowest to become warm was ${last.name} (${withInterval(high)} against ${withInterval(low)} at ${first.name}, no interval), which does not tell chance from difference.`;
  }
  return !intervalsOverlap(low, high)
    ? `The slowest to become warm is ${last.name}: ${withInterval(high)}.`
    : `The slowest to become warm was ${last.name} (${withInterval(high)}); the intervals do not show it to be slower than ${first.name} (${withInterval(low)}).`;
}
