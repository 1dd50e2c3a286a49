import type { Architecture } from '../../model/endpoint.ts';
import { isPricedRegion, PRICED_REGIONS } from '../../model/priced-regions.ts';
import { armPrices, PRICES, type RegionPrices } from './prices-2026-11.ts';

export { ARM_SOURCE, AS_OF, POSTGRES_INSTANCE, SOURCES } from './prices-2026-11.ts';
export { PRICED_REGIONS };

/** null for a region whose prices are not held. */
export function pricesOf(
  region: string,
  architecture: Architecture = 'x86_64',
): RegionPrices | null {
  if (!isPricedRegion(region)) return null;
  const held = PRICES[region];
  return architecture === 'arm64' ? { ...held, ...armPrices(region) } : held;
}
