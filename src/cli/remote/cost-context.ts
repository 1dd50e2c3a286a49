import type { EstimateContext } from '../../analysis/cost/estimate/index.ts';
import type { RunOptions } from '../../config/run-options.ts';
import type { Architecture } from '../../model/endpoint.ts';
import type { Places } from '../registry.ts';

/** What a run's cost is estimated with; null for the local target, which costs nothing. */
export function costContext(
  { target, remote, region }: RunOptions,
  endpoints: Places['endpoints'],
): EstimateContext | null {
  if (remote === null) return null;
  if (target === 'aws') {
    const { architecture, keep, expiresS } = remote;
    return { region, architecture, keptS: keep ? expiresS : null };
  }
  const known = new Map(endpoints?.map(({ endpoint, found }) => [endpoint.name, found]));
  const found = [...known.values()].find((one) => one !== null);
  const architecture: Architecture = found?.architecture === 'arm64' ? 'arm64' : 'x86_64';
  return {
    region,
    architecture,
    keptS: null,
    known: ({ endpoint }) => ({ lambda: known.get(endpoint.backend) != null }),
  };
}
