import {
  type Bounds,
  type CostEstimate,
  ESTIMATE_ITEMS,
  type EstimateItem,
} from '../../../model/cost-estimate.ts';
import type { Architecture } from '../../../model/endpoint.ts';
import type { Cell, Plan } from '../../../model/run.ts';
import { AS_OF } from '../prices.ts';
import { assumptionsOf, lackingOf } from './assumptions.ts';
import { exactly, NOTHING, plus, times } from './bounds.ts';
import { deploymentUse } from './deployment.ts';
import { loadSOf } from './load.ts';
import { type CellUse, PRICED, usdOf } from './priced.ts';
import { runPrices } from './prices.ts';
import { askingQuantities, type KnownOf, sumOf, trialQuantities } from './trial.ts';

export type { KnownOf } from './trial.ts';

export interface EstimateContext {
  region: string;
  architecture: Architecture;
  /** How long the deployment stays, where it is kept after the run; null: it goes with the run. */
  keptS: number | null;
  /** Of the target `url`. By default an endpoint whose memory is known has a known function. */
  known?(cell: Cell): KnownOf;
}

/** A trial beside its load: a changed configuration, and telemetry that comes late. */
const BESIDES_LOAD_S: Bounds = { low: 15, high: 240 };

/**
 * What a run on AWS will cost at list prices, between the least and the most that is likely. Of the
 * target `url` what is known of the endpoints. Pure: nothing is asked.
 * @throws UsageError for a region whose prices are not held
 */
export function estimateCost(plan: Plan, context: EstimateContext): CostEstimate {
  const prices = runPrices(context.region, context.architecture);
  const knownOf = context.known ?? (({ endpoint }) => ({ lambda: endpoint.memoryMb !== null }));
  const trials: CellUse[] = plan.cells.map((cell) => {
    const known = knownOf(cell);
    return { cell, known, used: trialQuantities(cell, plan, known) };
  });
  const asking: CellUse[] = trials.map(({ cell, known }) => ({
    cell,
    known,
    used: askingQuantities(cell, plan, known),
  }));
  const all: CellUse[] = trials.map((use, i) => ({
    ...use,
    used: sumOf([
      ...Array<CellUse['used']>(plan.rounds).fill(use.used),
      asking[i]?.used ?? use.used,
    ]),
  }));
  const loadS = times(plus(...plan.cells.map(({ profile }) => loadSOf(profile))), plan.rounds);
  const trialsS = plus(loadS, times(BESIDES_LOAD_S, plan.cells.length * plan.rounds));
  const deployed =
    plan.target === 'url' ? null : deploymentUse(plan, prices, trialsS, context.keptS);
  const once = plus(
    ...asking.map((use) => usdOf(use, prices)),
    ...(deployed?.items ?? []).flatMap(({ item, usd }) => (item === 'database' ? [] : [usd])),
  );
  const found = [
    ...PRICED.map((item) => ({
      item: item.name,
      usd: plus(...all.map((use) => item.usd(use, prices))),
      basis: item.basis(all, prices),
    })),
    ...(deployed?.items ?? []),
  ];
  const items = ESTIMATE_ITEMS.flatMap((name) => merged(name, found));
  const besideTrialsS = deployed?.besideTrialsS ?? NOTHING;
  return {
    region: context.region,
    asOf: AS_OF,
    usd: plus(...items.map(({ usd }) => usd)),
    requests: plus(...all.map(({ used }) => used.requests)),
    loadS,
    runS: plus(trialsS, besideTrialsS),
    items,
    trialUsd: Object.fromEntries(trials.map((use) => [use.cell.id, usdOf(use, prices)])),
    onceUsd: once,
    standingUsdPerHour: deployed?.standingUsdPerHour ?? exactly(0),
    besideTrialsS,
    lacking: lackingOf(plan, trials),
    assumptions: assumptionsOf(plan, trials, context.keptS),
    sources: prices.sources,
  };
}

type Found = CostEstimate['items'][number];

/** What comes with requests and what comes with time is one item of a database. */
function merged(name: EstimateItem, found: readonly Found[]): Found[] {
  const of = found.filter(({ item, usd }) => item === name && usd.high > 0);
  if (of.length === 0) return [];
  return [
    {
      item: name,
      usd: plus(...of.map(({ usd }) => usd)),
      basis: of.map(({ basis }) => basis).join(' + '),
    },
  ];
}
