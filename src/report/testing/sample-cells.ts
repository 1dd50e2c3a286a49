import type { Endpoint } from '../../model/endpoint.ts';
import type { Cell, Variant } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';

const RAMP: LoadProfile = { kind: 'ramp', ratePerS: 20, warmUpS: 10, rampS: 20, holdS: 50 };

export interface SampleOptions {
  seed?: number;
  backends?: readonly string[];
  memoriesMb?: readonly number[];
  servers?: readonly string[];
  /** Names of VARIANTS; for postgres only. */
  variants?: readonly string[];
  /** For postgres only. */
  dataLayers?: readonly string[];
  batchings?: readonly boolean[];
  fronts?: readonly Endpoint['front'][];
  datasets?: readonly string[];
  trials?: number;
  /** A ramp unless told. */
  profiles?: readonly LoadProfile[];
}

/** All combinations of three features, the ends named as those of the reference API. */
export const VARIANTS: readonly Variant[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
  const features = { index: (bits & 1) > 0, limit: (bits & 2) > 0, join: (bits & 4) === 0 };
  const held = Object.entries(features).flatMap(([name, on]) => (on ? [name] : []));
  const names: Record<string, string> = { join: 'as-published', 'index-limit': 'indexed' };
  const name = names[held.join('-')] ?? (held.join('-') || 'bare');
  return { backend: 'postgres', name, features };
});

function endpointsOf(options: SampleOptions): Endpoint[] {
  const {
    backends = ['dynamo'],
    variants = ['indexed'],
    dataLayers = ['pg'],
    servers = ['apollo'],
    batchings = [false],
    fronts = ['rest-api'],
    memoriesMb = [1024, 2048],
    datasets = ['x1'],
  } = options;
  const own = (backend: string, levels: readonly string[]) =>
    backend === 'postgres' ? levels : [null];
  return backends.flatMap((backend) =>
    own(backend, variants).flatMap((variant) =>
      own(backend, dataLayers).flatMap((dataLayer) =>
        servers.flatMap((server) =>
          batchings.flatMap((batching) =>
            fronts.flatMap((front) =>
              memoriesMb.flatMap((memoryMb) =>
                datasets.map((dataset) => ({
                  backend,
                  variant,
                  dataLayer,
                  batching,
                  memoryMb,
                  front,
                  server,
                  dataset,
                  runtime: 'nodejs24.x' as const,
                  timeoutS: 30,
                  provisionedConcurrency: 0,
                  reservedConcurrency: null,
                  responseStreaming: false,
                  revision: null,
                })),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

export function idOf(endpoint: Endpoint, profile: LoadProfile = RAMP): string {
  const { backend, variant, dataLayer, batching, memoryMb, front, server, dataset } = endpoint;
  const parts = [backend, variant, dataLayer, batching ? 'batched' : null, memoryMb, front, server];
  return [...parts.filter((part) => part !== null), dataset, profile.kind].join('-');
}

export function cellsOf(options: SampleOptions): Cell[] {
  return (options.profiles ?? [RAMP]).flatMap((profile) =>
    endpointsOf(options).map((endpoint) => ({ id: idOf(endpoint, profile), endpoint, profile })),
  );
}
