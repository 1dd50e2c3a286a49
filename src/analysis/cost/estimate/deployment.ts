import type { Bounds, EstimateItem } from '../../../model/cost-estimate.ts';
import type { Plan } from '../../../model/run.ts';
import { POSTGRES_INSTANCE } from '../prices.ts';
import { exactly, NOTHING, plus, times } from './bounds.ts';
import { price, span } from './priced.ts';
import type { RunPrices } from './prices.ts';

/** Seconds that deploying and destroying take; with a VPC, deleting its functions was seen to take 40 minutes. */
const BESIDE_S: Bounds = { low: 120, high: 600 };
const BESIDE_POSTGRES_S: Bounds = { low: 900, high: 4500 };
/** RDS bills ten minutes at the least. */
const HOUR_S = 3600;
const MONTH_H = 730;
/** deploy/stacks/postgres/database.ts */
const POSTGRES_GB = 20;

/** Rows of a data set: fixtures/dataset. A tweet is written to its table and to its index. */
const USERS = 500;
const TWEETS: Readonly<Record<string, number>> = { x1: 5_000, x100: 500_000 };
const ROW_GB = 1000 / 2 ** 30;

export interface DeploymentUse {
  /** Of deploying and destroying. */
  besideTrialsS: Bounds;
  standingUsdPerHour: Bounds;
  items: { item: EstimateItem; usd: Bounds; basis: string }[];
}

/** What the stacks cost by being there for `standsS` seconds, and by being made and filled. */
export function deploymentUse(
  plan: Plan,
  prices: RunPrices,
  trialsS: Bounds,
  keptS: number | null,
): DeploymentUse {
  const backends = new Set(plan.cells.map(({ endpoint }) => endpoint.backend));
  const datasets = new Set(
    plan.cells.flatMap(({ endpoint }) => (endpoint.backend === 'dynamo' ? [endpoint.dataset] : [])),
  );
  const functions = new Set(plan.cells.map(({ endpoint }) => JSON.stringify(endpoint))).size;
  const besideTrialsS = backends.has('postgres') ? BESIDE_POSTGRES_S : BESIDE_S;
  const rows = [...datasets].reduce((sum, name) => sum + USERS + 2 * (TWEETS[name] ?? 0), 0);
  const stores = times(exactly(rows * ROW_GB), prices.dynamoStoragePerGbMonth / MONTH_H);
  const postgres = backends.has('postgres') ? postgresHour(prices) : NOTHING;
  const standingUsdPerHour = plus(stores, postgres);
  const stands = plus(besideTrialsS, trialsS);
  const standsH = times({ low: stands.low, high: Math.max(stands.high, keptS ?? 0) }, 1 / HOUR_S);
  const items: DeploymentUse['items'] = [];
  if (standingUsdPerHour.high > 0) {
    items.push({
      item: 'database',
      usd: times(standingUsdPerHour, standsH),
      basis: standingBasis(standsH, standingUsdPerHour, backends.has('postgres'), keptS),
    });
  }
  if (rows > 0) {
    const unit = prices.dynamoWriteUnitsPerMillion;
    items.push({
      item: 'seeding',
      usd: exactly((rows * unit) / 1e6),
      basis: `${rows.toLocaleString('en')} write units × ${price(unit)} a million`,
    });
  }
  // A bundle and a template for each function and stack, up once and again after a failure.
  const puts = { low: functions + backends.size, high: 4 * (functions + backends.size) };
  items.push({
    item: 'deployment',
    usd: times(puts, prices.putsPerThousand / 1000),
    basis: `${span(puts)} uploads to a bucket that goes with the deployment; stacks, roles and log groups cost nothing`,
  });
  return { besideTrialsS, standingUsdPerHour, items };
}

/** The instance with its disk and the share of a secret; its network costs nothing. */
function postgresHour(prices: RunPrices): Bounds {
  const disk = (POSTGRES_GB * prices.postgresStoragePerGbMonth) / MONTH_H;
  const secret = prices.secretPerMonth / MONTH_H;
  return plus(prices.postgresHour, exactly(disk + secret));
}

function standingBasis(
  hours: Bounds,
  usdPerHour: Bounds,
  postgres: boolean,
  keptS: number | null,
): string {
  const what = postgres
    ? `${POSTGRES_INSTANCE} with ${POSTGRES_GB} GB and its secret`
    : 'storage of the tables';
  const until = keptS === null ? 'from deploying to destroying' : 'until it expires, as it is kept';
  return `${what}: ${span(hours)} hours ${until} × ${span(usdPerHour, (usd) => price(Number(usd.toPrecision(3))))} an hour`;
}
