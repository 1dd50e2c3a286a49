import { UsageError } from '../../../base/errors.ts';
import type { Bounds } from '../../../model/cost-estimate.ts';
import type { Architecture } from '../../../model/endpoint.ts';
import { ARM_SOURCE, POSTGRES_INSTANCE, PRICED_REGIONS, pricesOf } from '../prices.ts';
import { PRICES, type RegionPrices, SOURCES } from '../prices-2026-11.ts';
import { exactly } from './bounds.ts';

/** What a run pays beside what a million requests cost, in US dollars. */
export interface RunPrices extends RegionPrices {
  region: string;
  architecture: Architecture;
  dynamoWriteUnitsPerMillion: number;
  dynamoStoragePerGbMonth: number;
  tracesRetrievedPerMillion: number;
  metricsPerThousand: number;
  postgresHour: Bounds;
  postgresStoragePerGbMonth: number;
  secretPerMonth: number;
  putsPerThousand: number;
  /** Where they are from, and what was not read for this region. */
  sources: string[];
}

/** us-east-1: 0.625 for 0.125. */
const WRITE_TO_READ = 5;
/** How much more an hour may cost where no price is held; the dearest held differs by less. */
const UNKNOWN_POSTGRES = 2;

/** @throws UsageError for a region whose prices are not held */
export function runPrices(region: string, architecture: Architecture): RunPrices {
  const held = pricesOf(region, architecture);
  if (held === null) {
    throw new UsageError(
      `no prices are held for the region ${region}, so that nothing could be said of the cost: choose one of ${PRICED_REGIONS.join(', ')} with --region`,
    );
  }
  const usual = PRICES['us-east-1'].postgresPerHour?.usd ?? 0;
  return {
    ...held,
    region,
    architecture,
    dynamoWriteUnitsPerMillion: held.dynamoReadUnitsPerMillion.usd * WRITE_TO_READ,
    dynamoStoragePerGbMonth: 0.3,
    tracesRetrievedPerMillion: 0.5,
    metricsPerThousand: 0.01,
    postgresHour:
      held.postgresPerHour === null
        ? { low: usual, high: usual * UNKNOWN_POSTGRES }
        : exactly(held.postgresPerHour.usd),
    postgresStoragePerGbMonth: 0.14,
    secretPerMonth: 0.4,
    putsPerThousand: 0.0054,
    sources: sourcesOf(region, architecture, held),
  };
}

function sourcesOf(region: string, architecture: Architecture, held: RegionPrices): string[] {
  const texts = [
    held.requestsPerMillion,
    held.restApiPerMillion,
    held.httpApiPerMillion,
    held.dynamoReadUnitsPerMillion,
    held.postgresPerHour,
    held.tracesPerMillion,
    held.logsPerGb,
    held.transferPerGb,
  ].flatMap((price) =>
    price === null || price.source === 'memory' ? [] : [SOURCES[price.source]],
  );
  const usEast1 = region === 'us-east-1';
  const list = 'a public copy of the AWS Price List of 2026 for us-east-1';
  return [
    ...new Set(texts),
    ...(architecture === 'arm64' ? [ARM_SOURCE] : []),
    `DynamoDB writes: ${usEast1 ? list : 'five times the price of a read, as in us-east-1'}`,
    'X-Ray, traces retrieved: aws.amazon.com/xray/pricing, one price everywhere',
    "CloudWatch GetMetricData: $0.01 for 1,000 metrics, by a vendor's explanation of the price",
    ...(held.postgresPerHour === null
      ? [
          `${POSTGRES_INSTANCE}: no price of this region could be read; between once and ${UNKNOWN_POSTGRES} times that of us-east-1 is taken`,
        ]
      : []),
    'storage (DynamoDB, RDS), a secret and uploads to S3: from memory, the dearest of the regions held; together they are cents',
  ];
}
