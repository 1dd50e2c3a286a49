import { threeDigits } from '../../../base/numbers.ts';
import type { Bounds, EstimateItem } from '../../../model/cost-estimate.ts';
import type { Cell } from '../../../model/run.ts';
import { plus, times } from './bounds.ts';
import type { RunPrices } from './prices.ts';
import type { KnownOf, Quantities } from './trial.ts';

/** Quantities of a cell: of its trials, or of one of them. */
export interface CellUse {
  cell: Cell;
  known: KnownOf;
  used: Quantities;
}

interface PricedItem {
  name: EstimateItem;
  usd(of: CellUse, prices: RunPrices): Bounds;
  basis(all: readonly CellUse[], prices: RunPrices): string;
}

/** AWS counts 2^30 bytes as a GB. */
const GB = 2 ** 30;
const MILLION = 1e6;

const sum = (all: readonly CellUse[], of: (use: CellUse) => Bounds) => plus(...all.map(of));
/** `12,000`, or `12,000 to 480,000`. */
export function span({ low, high }: Bounds, show = whole): string {
  return show(low) === show(high) ? show(high) : `${show(low)} to ${show(high)}`;
}
const whole = (value: number) =>
  value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : threeDigits(value);
const gb = (bytes: Bounds) => span(times(bytes, 1 / GB), threeDigits);
/** A price as AWS writes it: `$0.0000166667`. */
export const price = (usd: number) =>
  `$${usd.toFixed(10).replace(/(\.\d*?)0+$/, (_, kept: string) => kept.padEnd(3, '0'))}`;

const gatewayUsd = ({ cell }: CellUse, prices: RunPrices) =>
  ({ 'rest-api': prices.restApiPerMillion.usd, 'http-api': prices.httpApiPerMillion.usd })[
    cell.endpoint.front as string
  ] ?? 0;

/** Items that come with requests; in the order of ESTIMATE_ITEMS. */
export const PRICED: readonly PricedItem[] = [
  {
    name: 'requests',
    usd: ({ used, known }, prices) =>
      times(used.requests, known.lambda ? prices.requestsPerMillion.usd / MILLION : 0),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.requests))} requests × ${price(prices.requestsPerMillion.usd)} a million`,
  },
  {
    name: 'compute',
    usd: ({ cell, used }, { computePerGbS, provisionedComputePerGbS }) => ({
      low:
        used.gbS.low *
        (cell.endpoint.provisionedConcurrency > 0 ? provisionedComputePerGbS : computePerGbS).usd,
      high: used.gbS.high * computePerGbS.usd,
    }),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.gbS))} GB-s on ${prices.architecture} × ${price(prices.computePerGbS.usd)}`,
  },
  {
    name: 'init',
    usd: ({ used }, { computePerGbS }) => times(used.initGbS, computePerGbS.usd),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.initGbS))} GB-s of billed init × ${price(prices.computePerGbS.usd)}`,
  },
  {
    name: 'provisioned',
    usd: ({ used }, { provisionedPerGbS }) => times(used.provisionedGbS, provisionedPerGbS.usd),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.provisionedGbS))} GB-s of standing environments, in steps of five minutes a trial, × ${price(prices.provisionedPerGbS.usd)}`,
  },
  {
    name: 'gateway',
    usd: (use, prices) => times(use.used.requests, gatewayUsd(use, prices) / MILLION),
    basis: (all, prices) =>
      (['rest-api', 'http-api'] as const)
        .flatMap((front) => {
          const of = all.filter(({ cell }) => cell.endpoint.front === front);
          const [first] = of;
          if (first === undefined) return [];
          const requests = span(sum(of, ({ used }) => used.requests));
          return `${requests} requests to a ${front} × ${price(gatewayUsd(first, prices))} a million`;
        })
        .join(' + '),
  },
  {
    name: 'database',
    usd: ({ used }, prices) =>
      times(used.readUnits, prices.dynamoReadUnitsPerMillion.usd / MILLION),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.readUnits))} read units × ${price(prices.dynamoReadUnitsPerMillion.usd)} a million`,
  },
  {
    name: 'xray',
    usd: ({ used }, { tracesPerMillion, tracesRetrievedPerMillion }) =>
      plus(
        times(used.traces, tracesPerMillion.usd / MILLION),
        times(used.tracesRead, tracesRetrievedPerMillion / MILLION),
      ),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.traces))} traces recorded × ${price(prices.tracesPerMillion.usd)} a million + ${span(sum(all, ({ used }) => used.tracesRead))} retrieved × ${price(prices.tracesRetrievedPerMillion)} a million`,
  },
  {
    name: 'logs',
    usd: ({ used }, { logsPerGb }) => times(used.logBytes, logsPerGb.usd / GB),
    basis: (all, prices) =>
      `${gb(sum(all, ({ used }) => used.logBytes))} GB of JSON lines × ${price(prices.logsPerGb.usd)}`,
  },
  {
    name: 'metrics',
    usd: ({ used }, { metricsPerThousand }) => times(used.metrics, metricsPerThousand / 1000),
    basis: (all, prices) =>
      `${span(sum(all, ({ used }) => used.metrics))} metrics asked for × ${price(prices.metricsPerThousand)} a thousand`,
  },
  {
    name: 'transfer',
    usd: ({ used }, { transferPerGb }) => times(used.transferBytes, transferPerGb.usd / GB),
    basis: (all, prices) =>
      `${gb(sum(all, ({ used }) => used.transferBytes))} GB out of AWS, none where k6 runs in the region, × ${price(prices.transferPerGb.usd)}`,
  },
];

/** What these quantities cost. */
export function usdOf(use: CellUse, prices: RunPrices): Bounds {
  return plus(...PRICED.map((item) => item.usd(use, prices)));
}
