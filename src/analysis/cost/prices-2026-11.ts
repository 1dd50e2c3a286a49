import type { PricedRegion } from '../../model/priced-regions.ts';

/**
 * AWS's list prices in US dollars, on demand, x86_64 (arm64 at the end), first tier of volume, without free tiers. Read
 * from public copies of AWS's price lists and answers of its Pricing API, with the dates they bear;
 * where none could be read the source says so: `memory`.
 */
export const AS_OF = '2026-11-21';

/** RDS for PostgreSQL, one availability zone: the smallest class with 4 GiB. */
export const POSTGRES_INSTANCE = 'db.t4g.medium';

const LIST = 'a public copy of the AWS Price List';
const API = 'an answer of the AWS Pricing API';

export const SOURCES = {
  lambdaUsEast1: `Lambda, us-east-1: ${API}, effective 2025-10-01, read 2025-10-28; requests and compute unchanged in the list of 2026-09-11`,
  lambdaCalculator:
    'Lambda: a public copy of the price file of the AWS Pricing Calculator, 2025; requests and compute in Ireland, Frankfurt and Tokyo unchanged in price lists of 2026',
  gatewayUsEast1: `API Gateway, us-east-1: ${API}, effective 2025-07-01; unchanged in the list of 2026-09-11`,
  gatewayUsEast2: `API Gateway, us-east-2: ${LIST}, without a date`,
  gatewayUsWest2:
    'API Gateway, us-west-2: REST APIs by the example on aws.amazon.com/api-gateway/pricing (N. Virginia, Ohio and Oregon alike), HTTP APIs by a bill of 2026-08',
  gatewayEuWest1: `API Gateway, eu-west-1: ${LIST}, published 2026-09-21`,
  gatewayEuCentral1: `API Gateway REST APIs, eu-central-1: ${API}, read 2026-08-12`,
  gatewayTokyo: `API Gateway HTTP APIs, ap-northeast-1: ${LIST}, read 2026-09-23`,
  dynamoUsEast1:
    'DynamoDB on demand, us-east-1: half of the price before 2024-11-01, as published in articles of 2025-07',
  dynamoEuWest1: `DynamoDB on demand, eu-west-1: ${LIST}, published 2026-09-11`,
  dynamoEuCentral1: `DynamoDB on demand, eu-central-1: ${LIST}, read 2026-09-11`,
  dynamoTokyo: `DynamoDB on demand, ap-northeast-1: ${LIST}, read 2026-09-23`,
  rdsUsEast1: `RDS for PostgreSQL, us-east-1: ${LIST}, published 2026-09-11`,
  xray: 'X-Ray: aws.amazon.com/xray/pricing, one price for traces recorded',
  logsUsEast1: 'CloudWatch Logs, us-east-1: list price in a price book of 2026-03-26',
  logsUsWest2: 'CloudWatch Logs, us-west-2: price per GB by a bill',
  logsEuWest1: `CloudWatch Logs, eu-west-1: ${LIST}, published 2026-09-22`,
  logsEuCentral1: `CloudWatch Logs, eu-central-1: ${LIST}, read 2026-09-11`,
  logsTokyo: `CloudWatch Logs, ap-northeast-1: ${LIST}, read 2026-09-23`,
  transferUs: `Transfer out: ${API} for us-east-1, effective 2025-07-01; Ohio and Oregon by the example on aws.amazon.com/api-gateway/pricing`,
  transferEuWest1: `Transfer out, eu-west-1: ${LIST}, published 2026-09-16`,
  transferTokyo: `Transfer out, ap-northeast-1: ${LIST}, read 2026-09-23`,
  memory: 'from memory: no list with this price in this region could be read',
} as const;
export type Source = keyof typeof SOURCES;

export interface Price {
  usd: number;
  source: Source;
}

export interface RegionPrices {
  requestsPerMillion: Price;
  computePerGbS: Price;
  /** Provisioned concurrency while it stands, and the duration of what runs on it. */
  provisionedPerGbS: Price;
  provisionedComputePerGbS: Price;
  restApiPerMillion: Price;
  httpApiPerMillion: Price;
  dynamoReadUnitsPerMillion: Price;
  /** An hour of POSTGRES_INSTANCE; null where no price is held. */
  postgresPerHour: Price | null;
  tracesPerMillion: Price;
  logsPerGb: Price;
  /** To the internet. */
  transferPerGb: Price;
}

const price = (usd: number, source: Source): Price => ({ usd, source });

const US_LAMBDA = (source: Source) => ({
  requestsPerMillion: price(0.2, source),
  computePerGbS: price(0.0000166667, source),
  provisionedPerGbS: price(0.0000041667, source),
  provisionedComputePerGbS: price(0.0000097222, source),
});
const XRAY = { tracesPerMillion: price(5, 'xray') };

export const PRICES: Record<PricedRegion, RegionPrices> = {
  'us-east-1': {
    ...US_LAMBDA('lambdaUsEast1'),
    restApiPerMillion: price(3.5, 'gatewayUsEast1'),
    httpApiPerMillion: price(1, 'gatewayUsEast1'),
    dynamoReadUnitsPerMillion: price(0.125, 'dynamoUsEast1'),
    postgresPerHour: price(0.065, 'rdsUsEast1'),
    ...XRAY,
    logsPerGb: price(0.5, 'logsUsEast1'),
    transferPerGb: price(0.09, 'transferUs'),
  },
  'us-east-2': {
    ...US_LAMBDA('lambdaCalculator'),
    restApiPerMillion: price(3.5, 'gatewayUsEast2'),
    httpApiPerMillion: price(1, 'gatewayUsEast2'),
    dynamoReadUnitsPerMillion: price(0.125, 'memory'),
    postgresPerHour: price(0.065, 'memory'),
    ...XRAY,
    logsPerGb: price(0.5, 'memory'),
    transferPerGb: price(0.09, 'transferUs'),
  },
  'us-west-2': {
    ...US_LAMBDA('lambdaCalculator'),
    restApiPerMillion: price(3.5, 'gatewayUsWest2'),
    httpApiPerMillion: price(1, 'gatewayUsWest2'),
    dynamoReadUnitsPerMillion: price(0.125, 'memory'),
    postgresPerHour: price(0.065, 'memory'),
    ...XRAY,
    logsPerGb: price(0.5, 'logsUsWest2'),
    transferPerGb: price(0.09, 'transferUs'),
  },
  'eu-west-1': {
    requestsPerMillion: price(0.2, 'lambdaCalculator'),
    computePerGbS: price(0.0000166667, 'lambdaCalculator'),
    provisionedPerGbS: price(0.000004646, 'lambdaCalculator'),
    provisionedComputePerGbS: price(0.0000108407, 'lambdaCalculator'),
    restApiPerMillion: price(3.5, 'gatewayEuWest1'),
    httpApiPerMillion: price(1.11, 'gatewayEuWest1'),
    dynamoReadUnitsPerMillion: price(0.1415, 'dynamoEuWest1'),
    postgresPerHour: null,
    ...XRAY,
    logsPerGb: price(0.57, 'logsEuWest1'),
    transferPerGb: price(0.09, 'transferEuWest1'),
  },
  'eu-central-1': {
    requestsPerMillion: price(0.2, 'lambdaCalculator'),
    computePerGbS: price(0.0000166667, 'lambdaCalculator'),
    provisionedPerGbS: price(0.0000050147, 'lambdaCalculator'),
    provisionedComputePerGbS: price(0.0000117011, 'lambdaCalculator'),
    restApiPerMillion: price(3.7, 'gatewayEuCentral1'),
    httpApiPerMillion: price(1.2, 'memory'),
    dynamoReadUnitsPerMillion: price(0.1525, 'dynamoEuCentral1'),
    postgresPerHour: null,
    ...XRAY,
    logsPerGb: price(0.63, 'logsEuCentral1'),
    transferPerGb: price(0.09, 'memory'),
  },
  'ap-northeast-1': {
    requestsPerMillion: price(0.2, 'lambdaCalculator'),
    computePerGbS: price(0.0000166667, 'lambdaCalculator'),
    provisionedPerGbS: price(0.0000053835, 'lambdaCalculator'),
    provisionedComputePerGbS: price(0.0000125615, 'lambdaCalculator'),
    restApiPerMillion: price(4.25, 'memory'),
    httpApiPerMillion: price(1.29, 'gatewayTokyo'),
    dynamoReadUnitsPerMillion: price(0.1425, 'dynamoTokyo'),
    postgresPerHour: null,
    ...XRAY,
    logsPerGb: price(0.76, 'logsTokyo'),
    transferPerGb: price(0.114, 'transferTokyo'),
  },
};

/** In a copy of the price list for us-east-1, of 2026: each of the three is a fifth less. */
const ARM_US_EAST_1 = {
  computePerGbS: 0.0000133334,
  provisionedPerGbS: 0.0000033334,
  provisionedComputePerGbS: 0.0000077778,
};
const ARM_SHARE = 0.8;
export const ARM_SOURCE = `Lambda on arm64: ${LIST} for us-east-1, of 2026; in other regions a fifth below x86_64, as there`;

/** What Lambda's compute costs on arm64; requests cost the same. */
export function armPrices(
  region: PricedRegion,
): Pick<RegionPrices, 'computePerGbS' | 'provisionedPerGbS' | 'provisionedComputePerGbS'> {
  const held = PRICES[region];
  const of = (name: keyof typeof ARM_US_EAST_1) =>
    price(
      region === 'us-east-1' ? ARM_US_EAST_1[name] : held[name].usd * ARM_SHARE,
      held[name].source,
    );
  return {
    computePerGbS: of('computePerGbS'),
    provisionedPerGbS: of('provisionedPerGbS'),
    provisionedComputePerGbS: of('provisionedComputePerGbS'),
  };
}
