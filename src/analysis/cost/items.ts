import { threeDigits } from '../../base/numbers.ts';
import type { CostItem } from '../../model/cost.ts';
import type { Front } from '../../model/endpoint.ts';
import type { Cell } from '../../model/run.ts';
import { LOG_BYTES, MILLION, TRACED_SHARE } from './assumptions.ts';
import { POSTGRES_INSTANCE } from './prices.ts';
import type { RegionPrices } from './prices-2026-11.ts';
import type { TrialUsage } from './usage.ts';

/** What a trial's costs are made of. */
export interface Facts {
  usage: TrialUsage;
  cell: Cell;
  prices: RegionPrices;
  ratePerS: number | null;
}

export interface Item {
  name: CostItem;
  /** US dollars per million requests; null where the stack has no such item; a sentence where it has one that cannot be known. */
  of(facts: Facts): { usd: number } | string | null;
  /** How it was computed, over all trials. */
  basis(facts: readonly Facts[]): string;
}

/** AWS counts 2^30 bytes as a GB, here and in Lambda's memory. */
const GB = 2 ** 30;

const mean = (facts: readonly Facts[], of: (one: Facts) => number) =>
  facts.reduce((sum, one) => sum + of(one), 0) / facts.length;
const pricesIn = ([first]: readonly Facts[]) => (first as Facts).prices;
const endpointIn = ([first]: readonly Facts[]) => (first as Facts).cell.endpoint;
/** A price as AWS writes it: `$0.0000166667`. */
const dollars = (usd: number) =>
  `$${usd.toFixed(10).replace(/(\.\d*?)0+$/, (_, kept: string) => kept.padEnd(3, '0'))}`;
const gbS = (facts: readonly Facts[], of: (usage: TrialUsage) => number) =>
  `${threeDigits(mean(facts, ({ usage }) => of(usage)))} GB-s a request`;

export const ITEMS: readonly Item[] = [
  {
    name: 'requests',
    of: ({ prices }) => ({ usd: prices.requestsPerMillion.usd }),
    basis: (facts) => `${dollars(pricesIn(facts).requestsPerMillion.usd)} a million requests`,
  },
  {
    name: 'compute',
    of: ({ usage, prices }) => ({
      usd:
        (usage.onDemandGbS * prices.computePerGbS.usd +
          usage.provisionedGbS * prices.provisionedComputePerGbS.usd) *
        MILLION,
    }),
    basis: (facts) => {
      const onDemand = `${gbS(facts, (usage) => usage.onDemandGbS)} × ${dollars(pricesIn(facts).computePerGbS.usd)}`;
      if (endpointIn(facts).provisionedConcurrency === 0) return onDemand;
      const provisioned = `${gbS(facts, (usage) => usage.provisionedGbS)} on provisioned environments × ${dollars(pricesIn(facts).provisionedComputePerGbS.usd)}`;
      return `${provisioned} + ${onDemand}`;
    },
  },
  {
    name: 'init',
    of: ({ usage, prices }) => ({ usd: usage.initGbS * prices.computePerGbS.usd * MILLION }),
    basis: (facts) => {
      const share = threeDigits(mean(facts, ({ usage }) => usage.coldShare) * 100);
      return `${gbS(facts, (usage) => usage.initGbS)} of billed init, ${share}% of requests being cold, × ${dollars(pricesIn(facts).computePerGbS.usd)}`;
    },
  },
  {
    name: 'provisioned',
    of: ({ cell: { endpoint }, prices, ratePerS }) => {
      if (endpoint.provisionedConcurrency === 0) return null;
      if (ratePerS === null || ratePerS <= 0) {
        return 'Provisioned concurrency is paid by the hour, and no rate was reached to divide it by.';
      }
      if (endpoint.memoryMb === null) {
        return 'Provisioned concurrency is not in it: the memory of the function is not known.';
      }
      const gb = (endpoint.provisionedConcurrency * endpoint.memoryMb) / 1024;
      return { usd: ((gb * prices.provisionedPerGbS.usd) / ratePerS) * MILLION };
    },
    basis: (facts) => {
      const { provisionedConcurrency, memoryMb } = endpointIn(facts);
      const price = dollars(pricesIn(facts).provisionedPerGbS.usd);
      return `${provisionedConcurrency} environments × ${memoryMb} MB × ${price} a GB-s ÷ ${rateText(facts)}`;
    },
  },
  {
    name: 'gateway',
    of: (facts) => {
      const { endpoint } = facts.cell;
      const unknown = UNPRICED_FRONTS[endpoint.front];
      if (unknown !== undefined) return unknown;
      const price = gatewayPrice([facts]);
      return price === null ? null : { usd: price };
    },
    basis: (facts) => {
      const kind = endpointIn(facts).front === 'rest-api' ? 'REST API' : 'HTTP API';
      return `${dollars(gatewayPrice(facts) ?? 0)} a million requests to a ${kind}`;
    },
  },
  {
    name: 'database',
    of: (facts) => databaseCost(facts),
    basis: (facts) =>
      endpointIn(facts).backend === 'dynamo'
        ? `${threeDigits(mean(facts, ({ usage }) => usage.readUnits ?? 0))} read units a request × ${dollars(pricesIn(facts).dynamoReadUnitsPerMillion.usd)} a million`
        : `${POSTGRES_INSTANCE} at ${dollars(pricesIn(facts).postgresPerHour?.usd ?? 0)} an hour ÷ ${rateText(facts)}`,
  },
  {
    name: 'xray',
    of: ({ prices }) => ({ usd: prices.tracesPerMillion.usd * TRACED_SHARE }),
    basis: (facts) =>
      `${TRACED_SHARE * 100}% of requests traced × ${dollars(pricesIn(facts).tracesPerMillion.usd)} a million`,
  },
  {
    name: 'logs',
    of: ({ prices }) => ({ usd: (LOG_BYTES / GB) * prices.logsPerGb.usd * MILLION }),
    basis: (facts) =>
      `${LOG_BYTES} bytes a request × ${dollars(pricesIn(facts).logsPerGb.usd)} a GB`,
  },
  {
    name: 'transfer',
    of: ({ usage, cell, prices }) => {
      if (cell.endpoint.front === 'invoke') return null;
      if (usage.responseBytes === null)
        return 'Transfer out is not in it: no response was counted.';
      return { usd: (usage.responseBytes / GB) * prices.transferPerGb.usd * MILLION };
    },
    basis: (facts) => {
      const bytes = threeDigits(mean(facts, ({ usage }) => usage.responseBytes ?? 0));
      return `${bytes} bytes a response × ${dollars(pricesIn(facts).transferPerGb.usd)} a GB`;
    },
  },
];

function gatewayPrice(facts: readonly Facts[]): number | null {
  const prices = pricesIn(facts);
  switch (endpointIn(facts).front) {
    case 'rest-api':
      return prices.restApiPerMillion.usd;
    case 'http-api':
      return prices.httpApiPerMillion.usd;
    default:
      return null;
  }
}

/** Fronts of users' endpoints, and why what they cost is not known. */
const UNPRICED_FRONTS: Partial<Record<Front, string>> = {
  appsync: 'AppSync is not in it: no price of it is held.',
  other: 'What stands before the function is not in it: its configuration says no front.',
};

function databaseCost({ usage, cell, prices, ratePerS }: Facts): { usd: number } | string {
  const { backend, server } = cell.endpoint;
  // The user deployed it, whatever it is called.
  if (server === null) {
    return 'What stands behind the function is not in it: it is not known what it calls.';
  }
  if (backend === 'dynamo') {
    if (usage.readUnits === null) {
      return 'The database is not in it: no call of the handler was traced.';
    }
    return { usd: usage.readUnits * prices.dynamoReadUnitsPerMillion.usd };
  }
  if (backend === 'postgres') {
    if (prices.postgresPerHour === null) {
      return `The database is not in it: no price of ${POSTGRES_INSTANCE} is held for this region.`;
    }
    if (ratePerS === null || ratePerS <= 0) {
      return 'The database is not in it: it is paid by the hour, and no rate was reached to divide it by.';
    }
    return { usd: (prices.postgresPerHour.usd / 3600 / ratePerS) * MILLION };
  }
  return backend === 'rest'
    ? 'What the REST service behind the handler costs is not in it: it is not known what it runs on.'
    : 'What stands behind your handler is not in it: it is not known what it calls.';
}

function rateText(facts: readonly Facts[]): string {
  return `${threeDigits(mean(facts, ({ ratePerS }) => ratePerS ?? 0))} requests/s`;
}
