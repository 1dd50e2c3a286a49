import { formatShare } from '../../base/numbers.ts';
import { capital } from '../../base/words.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import { withInterval } from '../figures/words.ts';
import { against } from './compared.ts';
import { NAMED_AT_MOST, type Named, rankedBy } from './named.ts';
import { tailOf } from './tail.ts';
import { hedge } from './validity.ts';

/** How many requests felt a cold start, and what it cost them. */
export function coldSentence(named: readonly Named[]): string | null {
  const known = named.filter(({ cell }) => cell.coldStarts.share.value !== null);
  if (known.length === 0) return null;
  if (known.length > NAMED_AT_MOST) return coldRange(known);
  const parts = known.map(({ name, cell }) => {
    const { penaltyMs, requests, share } = cell.coldStarts;
    if (requests === 0) return `no request felt a cold start at ${name}`;
    const counted = `${requests} of ${share.n.toLocaleString('en')} requests`;
    const felt = `${counted} (${formatShare(share.value)}) felt a cold start at ${name}`;
    const added = `, which added ${withInterval(penaltyMs)} at the median`;
    return penaltyMs.value === null ? felt : felt + added;
  });
  const [only] = known;
  const counterfactual = only !== undefined && known.length === 1 ? withoutCold(only.cell) : '';
  return `${capital(parts.join('; '))}${counterfactual}.`;
}

/** The p99 of the requests that felt none, where some above p99 did. */
function withoutCold(cell: CellAnalysis): string {
  const tail = tailOf(cell, 'p99');
  if (tail === null || tail.coldRequests === 0 || tail.withoutCold.value === null) return '';
  return `; p99 of the others is ${withInterval(tail.withoutCold)}`;
}

function coldRange(known: readonly Named[]): string {
  const shareOf = ({ cell }: Named) => cell.coldStarts.share.value ?? 0;
  const order = [...known].sort((a, b) => shareOf(a) - shareOf(b));
  const [least, most] = [order[0] as Named, order.at(-1) as Named];
  const share = (named: Named) => formatShare(shareOf(named));
  if (share(least) === share(most)) return `${share(least)} of requests felt a cold start.`;
  const shown = (named: Named) => `${share(named)} (${named.name})`;
  return `Between ${shown(least)} and ${shown(most)} of requests felt a cold start.`;
}

/** Of cells whose cold starts were forced: how long one takes, and what it is made of. */
export function forcedSentences(named: readonly Named[]): string[] {
  const total = ({ coldStarts }: CellAnalysis) => coldStarts.medianTotalMs;
  const order = rankedBy(named, total);
  const [best] = order;
  const slowest = order.at(-1);
  if (best === undefined || slowest === undefined) {
    return ['No forced cold start was answered well and joined to its trace or REPORT line.'];
  }
  const { penaltyMs } = best.cell.coldStarts;
  const more =
    penaltyMs.value === null ? '' : ` (${withInterval(penaltyMs)} more than a warm request)`;
  const comparison = best === slowest ? '' : `, ${against(best, slowest, total)}`;
  const start = `A cold start takes ${withInterval(total(best.cell))} at ${best.name}`;
  return [`${start}${more}${comparison}${hedge(named)}.`, madeOf(best)].filter(
    (text) => text !== null,
  );
}

function madeOf({ name, cell }: Named): string | null {
  const { medianInitMs, firstCallMs, warmCallMs, connectionMs, billedInitMs } = cell.coldStarts;
  if (medianInitMs.value === null) return null;
  const billed = billedInitMs.value === null ? '' : ` (${withInterval(billedInitMs)} of it billed)`;
  const clauses = [`initialisation takes ${withInterval(medianInitMs)}${billed}`];
  if (firstCallMs.value !== null) {
    const warm = warmCallMs.value === null ? '' : ` against ${withInterval(warmCallMs)} when warm`;
    clauses.push(`the handler’s first call ${withInterval(firstCallMs)}${warm}`);
  }
  const { value, low } = connectionMs;
  if (value !== null && (low === null ? value > 0 : low > 0)) {
    clauses.push(
      `the first calls to the backend ${withInterval(connectionMs)} more than later ones`,
    );
  }
  return `At ${name} ${clauses.join(', ')}.`;
}
