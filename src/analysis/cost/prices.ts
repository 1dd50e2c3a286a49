import { isPricedRegion, PRICED_REGIONS } from '../../model/priced-regions.ts';
import { PRICES, type RegionPrices } from './prices-2026-11.ts';

export { AS_OF, POSTGRES_INSTANCE, SOURCES } from './prices-2026-11.ts';
export { PRICED_REGIONS };

/** null for a region whose prices are not held. */
export function pricesOf(region: string): RegionPrices | null {
  return isPricedRegion(region) ? PRICES[region] : null;
}
