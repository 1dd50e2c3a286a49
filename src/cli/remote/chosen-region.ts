import { regionOfEnvironment } from '../../config/region-of-environment.ts';
import { PRICED_REGIONS } from '../../model/priced-regions.ts';

/** The region of a command that has no other settings: the flag's, else that of the environment. */
export function chosenRegion(flag: string | undefined, env = process.env): string {
  return flag ?? regionOfEnvironment(env)?.region ?? PRICED_REGIONS[0];
}
