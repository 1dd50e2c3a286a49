import type { PricesUsed } from '../../model/cost.ts';
import type { Architecture } from '../../model/endpoint.ts';
import type { Cell } from '../../model/run.ts';
import { ARM_SOURCE, AS_OF, POSTGRES_INSTANCE, pricesOf, SOURCES } from './prices.ts';
import type { Price, RegionPrices } from './prices-2026-11.ts';
import { UNITS_A_READ } from './usage.ts';

/** Requests that costs are told for. */
export const MILLION = 1e6;

/** X-Ray's default rule without its reservoir of one request a second. */
export const TRACED_SHARE = 0.05;

/**
 * What Lambda itself writes of an invocation in text format: START 71, END 52, REPORT with its XRAY
 * line about 234 bytes, and 26 that CloudWatch Logs adds to each of the three events.
 */
export const LOG_BYTES = 435;

/** What the costs of these cells rest on; empty lists where the region's prices are not held. */
export function pricesUsed(
  region: string,
  cells: readonly Cell[],
  architecture: Architecture | null = null,
): PricesUsed {
  const prices = pricesOf(region, architecture ?? undefined);
  const stack = stackOf(cells);
  return {
    region,
    asOf: AS_OF,
    sources:
      prices === null
        ? []
        : [...sourcesOf(prices, stack), ...(architecture === 'arm64' ? [ARM_SOURCE] : [])],
    assumptions: prices === null ? [] : assumptionsOf(stack, architecture ?? 'x86_64'),
  };
}

interface Stack {
  fronts: ReadonlySet<string>;
  backends: ReadonlySet<string>;
  provisioned: boolean;
  batched: boolean;
  kinds: ReadonlySet<string>;
}

function stackOf(cells: readonly Cell[]): Stack {
  const endpoints = cells.map(({ endpoint }) => endpoint);
  return {
    fronts: new Set(endpoints.map(({ front }) => front)),
    backends: new Set(endpoints.map(({ backend }) => backend)),
    provisioned: endpoints.some(({ provisionedConcurrency }) => provisionedConcurrency > 0),
    batched: endpoints.some(({ backend, batching }) => backend === 'dynamo' && batching),
    kinds: new Set(cells.map(({ profile }) => profile.kind)),
  };
}

/** What each price of the stack stands on, so that one from memory says which it is. */
function sourcesOf(prices: RegionPrices, { fronts, backends }: Stack): string[] {
  const used: [string, Price | null][] = [
    ['Lambda', prices.requestsPerMillion],
    ['API Gateway REST API', fronts.has('rest-api') ? prices.restApiPerMillion : null],
    ['API Gateway HTTP API', fronts.has('http-api') ? prices.httpApiPerMillion : null],
    ['DynamoDB', backends.has('dynamo') ? prices.dynamoReadUnitsPerMillion : null],
    ['RDS for PostgreSQL', backends.has('postgres') ? prices.postgresPerHour : null],
    ['X-Ray', prices.tracesPerMillion],
    ['CloudWatch Logs', prices.logsPerGb],
    ['Transfer out', [...fronts].some((f) => f !== 'invoke') ? prices.transferPerGb : null],
  ];
  const texts = used.flatMap(([what, price]) => {
    if (price === null) return [];
    const text = SOURCES[price.source];
    return price.source === 'memory' ? [`${what}: ${text}`] : [text];
  });
  return [...new Set(texts)];
}

function assumptionsOf(
  { fronts, backends, provisioned, batched, kinds }: Stack,
  architecture: Architecture,
): string[] {
  const said: [boolean, string][] = [
    [
      true,
      'Costs are per million requests of the hold that reach the function, with cold starts at the share the hold has; no free tier, first tier of volume, no savings plan, no tax.',
    ],
    [
      true,
      `Compute is ${architecture}; billed time is that of the REPORT lines, in whole milliseconds with the init of on-demand environments. On the local target it is this machine’s.`,
    ],
    [
      provisioned,
      'Provisioned concurrency stands all the time and serves the rate of the hold; what ran in an environment that had a cold start is paid on demand.',
    ],
    [
      backends.has('dynamo'),
      `DynamoDB is on demand, of the standard class. Every read is eventually consistent and of at most 4 KB (a user is below 0.4 KB, a page of ten tweets below 2.4 KB): ${UNITS_A_READ} read units each. Storage is not in it.`,
    ],
    [
      batched,
      'A batched call of TenUsers reads ten users, each a read of its own; all other calls read one.',
    ],
    [
      backends.has('postgres'),
      `PostgreSQL is one RDS ${POSTGRES_INSTANCE} in one availability zone that stands all the time and serves the rate of the hold alone; storage, backups, a proxy and the network around it are not in it.`,
    ],
    [
      true,
      'X-Ray records 5% of requests, its default; the one request a second it adds to that is left out. The measurement itself traced every request, or the share it was told.',
    ],
    [
      true,
      `Logs are Lambda’s own three lines a request, ${LOG_BYTES} bytes, with X-Ray on and in the standard log class; what the handler logs and how long it is kept are not in it.`,
    ],
    [
      [...fronts].some((front) => front !== 'invoke'),
      'Transfer is the bodies of responses, sent to the internet; headers are not counted.',
    ],
    [fronts.has('invoke'), 'Callers of Invoke are in the same region: they pay no transfer.'],
    [kinds.has('cold'), 'Cells of forced cold starts have no cost.'],
  ];
  return said.filter(([holds]) => holds).map(([, sentence]) => sentence);
}
