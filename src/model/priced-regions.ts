/** AWS regions whose list prices we hold (src/analysis/cost), the default first. */
export const PRICED_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-northeast-1',
] as const;
export type PricedRegion = (typeof PRICED_REGIONS)[number];

export function isPricedRegion(region: string): region is PricedRegion {
  return (PRICED_REGIONS as readonly string[]).includes(region);
}
