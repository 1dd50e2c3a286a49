import type { CellCost, CostItem } from '../../model/cost.ts';
import type { Architecture } from '../../model/endpoint.ts';
import type { Figure } from '../../model/figure.ts';
import type { Cell } from '../../model/run.ts';
import type { Database } from '../../store/tables/database.ts';
import { noFigure, plainFigure, trialsFigure } from '../figures/figure.ts';
import { type Facts, ITEMS, type Item } from './items.ts';
import { pricesOf } from './prices.ts';
import { readUsage } from './usage.ts';

export { pricesUsed } from './assumptions.ts';

export interface CostContext {
  /** AWS region whose prices are taken. */
  region: string;
  /** That of the functions. @default x86_64 */
  architecture?: Architecture | null;
  /** Answered requests a second of each trial's hold: what is paid by the hour is divided by it. */
  ratePerS: ReadonlyMap<number, number>;
}

/** What a cell costs, and the total of each trial that tells one: US dollars per million requests. */
export interface CostRead {
  cost: CellCost;
  perTrialUsd: { trial: number; usd: number }[];
}

/**
 * The list price of a million requests of the hold that reach the function, with cold starts at the
 * share the hold has. One trial gives one total; the figure is the geometric mean over trials with
 * the t interval on their logs.
 */
export async function readCost(
  database: Database,
  trials: readonly number[],
  cell: Cell,
  { region, architecture, ratePerS }: CostContext,
): Promise<CostRead> {
  const prices = pricesOf(region, architecture ?? undefined);
  if (prices === null) return nothing(`no prices are held for the region ${region}`);
  if (cell.profile.kind === 'cold') {
    return nothing('every cold start was forced, which is not what users pay for');
  }
  if (cell.endpoint.memoryMb === null) {
    return nothing(
      'the function behind the endpoint is not known, so neither its memory nor what it bills',
    );
  }
  const usages = await readUsage(database, trials, cell);
  if (usages.length === 0) return nothing('no REPORT line of the hold tells what was billed');
  const facts: Facts[] = usages.map((usage) => ({
    usage,
    cell,
    prices,
    ratePerS: ratePerS.get(usage.trial) ?? null,
  }));
  const lacking: string[] = [];
  const items: { item: CostItem; usd: Figure; basis: string; byTrial: number[] }[] = [];
  for (const item of ITEMS) {
    const found = itemOf(item, facts, lacking);
    if (found !== null) items.push(found);
  }
  if (cell.profile.kind === 'burst') {
    lacking.push('It is the cost of the burst itself: a steady load has fewer cold starts.');
  }
  const perTrialUsd = usages.map(({ trial }, i) => ({
    trial,
    usd: items.reduce((sum, { byTrial }) => sum + (byTrial[i] as number), 0),
  }));
  const n = usages.reduce((sum, { requests }) => sum + requests, 0);
  const totals = perTrialUsd.map(({ usd }) => usd);
  const shown = items.map(({ item, usd, basis }) => ({ item, usd, basis }));
  return { cost: { total: trialsFigure(totals, 'usd', n), items: shown, lacking }, perTrialUsd };
}

function itemOf(item: Item, facts: readonly Facts[], lacking: string[]) {
  const found = facts.map((one) => item.of(one));
  const [first] = found;
  if (first === undefined || first === null) return null;
  const missing = found.find((one) => typeof one === 'string');
  if (typeof missing === 'string') {
    lacking.push(missing);
    return null;
  }
  const byTrial = found.map((one) => (one === null || typeof one === 'string' ? 0 : one.usd));
  const n = facts.reduce((sum, { usage }) => sum + usage.requests, 0);
  const same = byTrial.every((usd) => usd === byTrial[0]);
  const usd = same
    ? plainFigure(byTrial[0] ?? null, 'usd', n, facts.length, 'the same in every trial')
    : notBelowNothing(trialsFigure(byTrial, 'usd', n));
  return { item: item.name, usd, basis: item.basis(facts), byTrial };
}

/** A mean near 0 has an interval that goes below; a cost does not. */
function notBelowNothing(figure: Figure): Figure {
  return figure.low !== null && figure.low < 0 ? { ...figure, low: 0 } : figure;
}

function nothing(note: string): CostRead {
  const sentence = `There is no cost: ${note}.`;
  return {
    cost: { total: noFigure('usd', note), items: [], lacking: [sentence] },
    perTrialUsd: [],
  };
}
