import { formatMs, formatShare } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Figure } from '../../model/figure.ts';
import { PARTS, type Part } from '../../model/tables.ts';
import type { Tail } from '../../model/tail.ts';
import { withInterval } from '../figures/words.ts';
import { FEW_A_TRIAL, leaders } from '../tail/finding.ts';
import { type PartContext, partWords } from '../tail/words.ts';
import type { Named } from './named.ts';

/** The tail above the percentile a cell is spoken of by; null of p90, p50 and where it is not known. */
export function tailOf(cell: CellAnalysis, quantile: string): Tail | null {
  const tail = cell.tails.find((one) => one.quantile === quantile);
  return tail === undefined || tail.leading === null ? null : tail;
}

/** What leads the tail: `; the backend makes 86% [79, 93] of the tail`. */
export function tailClause({ cell }: Named, quantile: string): string {
  const tail = tailOf(cell, quantile);
  if (tail === null) return '';
  const context = contextOf(cell);
  const [first, second] = leaders(tail.parts);
  if (first === undefined) return '';
  // A share that may as well be none is no answer; the section on the tail gives its interval.
  if ((first.share.low ?? 1) <= 0) return '; what makes its tail is not shown';
  const few = doubts(first.share);
  const words = partWords(first.part, context);
  const share = withInterval(first.share);
  if (second === undefined) {
    const verb = first.part === 'front' && context.frontHoldsNetwork ? 'make' : 'makes';
    return `; ${words} ${verb} ${share} of the tail${few}`;
  }
  const other = `${withInterval(second.share)} ${partWords(second.part, context)}`;
  return `; of the tail ${share} is ${words} and ${other}${few}`;
}

function doubts({ low, n, trials }: Figure): string {
  const found = [];
  if (n < FEW_A_TRIAL * trials) found.push(`only ${n} ${n === 1 ? 'request' : 'requests'}`);
  // Of one trial a sentence of its own says it.
  if (low === null && trials > 1) found.push(`${trials} trials, no interval`);
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

function contextOf(cell: CellAnalysis): PartContext {
  return {
    frontHoldsNetwork: cell.cell.endpoint.front !== 'rest-api',
    handlerHoldsBackend: cell.backend.callsMean.value === null,
  };
}

/** Where the time goes at the median, for where no tail is known. */
export function medianSentence({ name, cell }: Named): string | null {
  const middle = cell.bands.find(({ band }) => band === 'median');
  if (middle === undefined || middle.requests === 0 || middle.meanTotalMs <= 0) return null;
  let most: Part = 'client';
  for (const part of PARTS) {
    if (middle.meanPartsMs[part] > middle.meanPartsMs[most]) most = part;
  }
  const words = partWords(most, contextOf(cell));
  const share = formatShare(middle.meanPartsMs[most] / middle.meanTotalMs);
  return `At the median of ${name} ${share} of ${formatMs(middle.meanTotalMs)} is ${words}.`;
}
