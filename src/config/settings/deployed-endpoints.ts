import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { DeployedEndpoints } from '../../model/deployed-endpoint.ts';
import { endpointOf, endpointsOf } from '../endpoints/settings.ts';
import { type Chosen, type ConfigSettings, sideOf } from './choose.ts';
import { scenarioOf } from './load-profile.ts';
import type { Environment } from './secrets.ts';

/** The endpoints that were asked for, or null where the target is another. Throws UsageError. */
export function deployedEndpoints(
  chosen: Chosen,
  config: ConfigSettings | null,
  { cwd, env }: { cwd: string; env: Environment },
): DeployedEndpoints | null {
  if (sideOf(chosen) !== 'deployed') return null;
  const region = chosen.source('region') === 'default' ? null : (chosen.raw('region') ?? null);
  const url = chosen.raw('url');
  const endpoints =
    url !== undefined
      ? [endpointOf('endpoint', { url }, chosen.named('url'), { env, region })]
      : endpointsOf(config?.endpoints ?? {}, `${config?.name}: endpoints`, { env, region });
  if (scenarioOf(chosen) === 'cold') {
    const kept = endpoints.find(({ renew }) => !renew);
    if (kept !== undefined) {
      throw new UsageError(
        `${chosen.named('scenario')}: cold starts are forced by changing the function's configuration, which is not done to yours unasked; say renew: true for ${kept.named}, or choose another scenario`,
      );
    }
  }
  if (scenarioOf(chosen) === 'burst' && chosen.raw('rate') === undefined) {
    throw new UsageError(
      `${chosen.named('scenario')}: say --rate: how much your endpoints may be asked at once only you know`,
    );
  }
  const path = (key: 'operations' | 'variables' | 'schema') => {
    const raw = chosen.raw(key);
    return raw === undefined ? null : resolve(cwd, raw);
  };
  return {
    endpoints,
    operations: path('operations') as string,
    variables: path('variables'),
    schema: path('schema'),
    named: {
      operations: chosen.named('operations'),
      variables: chosen.named('variables'),
      schema: chosen.named('schema'),
    },
  };
}
