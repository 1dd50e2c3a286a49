import { UsageError } from '../../base/errors.ts';
import type { DeployedEndpoints } from '../../model/deployed-endpoint.ts';
import { isPricedRegion, PRICED_REGIONS } from '../../model/priced-regions.ts';
import { regionOfEnvironment } from '../region-of-environment.ts';
import type { Chosen } from './choose.ts';
import type { TargetName } from './remote.ts';
import type { Environment } from './secrets.ts';
import { SETTINGS } from './table.ts';
import { oneOf } from './values.ts';

/**
 * The region that is measured in, and whose prices are taken. On AWS it is that of the environment
 * unless it is written: nobody should find resources in another region than their tools show. Throws
 * UsageError for one whose prices are not held: there, no cost could be told first.
 */
export function regionOf(
  chosen: Chosen,
  target: TargetName,
  env: Environment,
  deployed: DeployedEndpoints | null,
): string {
  const written = chosen.raw('region');
  if (written !== undefined) return oneOf(written, chosen.named('region'), PRICED_REGIONS);
  if (deployed !== null) {
    const regions = new Set(deployed.endpoints.flatMap(({ region }) => region ?? []));
    const [only = ''] = regions;
    return regions.size === 1 && isPricedRegion(only) ? only : SETTINGS.region.default;
  }
  if (target !== 'aws') return SETTINGS.region.default;
  const found = regionOfEnvironment(env);
  if (found === null) return SETTINGS.region.default;
  const { region, variable } = found;
  if (isPricedRegion(region)) return region;
  throw new UsageError(
    `${variable} is ${region}, whose prices are not held here: name one of ${PRICED_REGIONS.join(', ')} with --region`,
  );
}
