import { type Endpoint, levelOf, STREAMING_FRONT } from '../model/endpoint.ts';
import type { BackendOffer, Platform } from '../model/ports.ts';
import type { Cell, Plan } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import {
  BACKEND_FACTORS,
  checkLevels,
  missingLevels,
  type Named,
  nameOf,
  nothingLeft,
  unknownName,
} from './factor-levels.ts';
import type { RunOptions } from './run-options.ts';
import { flagOf } from './settings/table.ts';

/** What the registry offers, for the checks of a plan. */
export interface Offer {
  target: string;
  fronts: readonly string[];
  backends: ReadonlyMap<string, BackendOffer>;
}

/** An operation that asks for more of one kind than a handler should fetch one by one. */
const BATCHING_SHOWN_BY = { name: 'TenUsers', weight: 10 };

/**
 * Every combination of the factors as a cell. Throws UsageError naming the setting of what there is
 * not, and of a backend the factors leave nothing of.
 */
export function expandPlan(options: RunOptions, offer: Offer, named: Named = flagOf): Plan {
  const backends = options.backends.map((name) => {
    const offered = offer.backends.get(name);
    if (offered === undefined)
      throw unknownName(named('backend'), name, [...offer.backends.keys()]);
    return offered;
  });
  for (const front of options.fronts) {
    if (!offer.fronts.includes(front)) throw unknownName(named('front'), front, offer.fronts);
  }
  for (const key of BACKEND_FACTORS) checkLevels(key, options, backends, named(key));
  const cells = backends.flatMap((backend) => {
    const own = cellsOf(backend, options);
    if (own.length === 0) throw nothingLeft(backend, options, named);
    return own;
  });
  return {
    target: offer.target,
    cells,
    rounds: options.rounds,
    seed: options.seed,
    slo: options.slo,
    region: options.region,
    traceShare: options.remote?.traceShare ?? 1,
    architecture: architectureOf(options, backends),
    initProbes: 0,
    gate: null,
    operations: operationsOf(options, backends, named),
    variants: backends.flatMap(({ name: backend, variants }) =>
      variants
        .filter(({ name }) =>
          cells.some(({ endpoint }) => endpoint.backend === backend && endpoint.variant === name),
        )
        .map(({ name, features }) => ({ backend, name, features })),
    ),
  };
}

/** Of endpoints that the user deployed: the one that all have that are known; null where they differ. */
function architectureOf(
  { target, remote }: RunOptions,
  backends: readonly BackendOffer[],
): Plan['architecture'] {
  if (target === 'aws') return remote?.architecture ?? null;
  const [first = null, ...others] = new Set(
    backends.flatMap(({ deployed }) => deployed?.architecture ?? []),
  );
  return others.length === 0 ? first : null;
}

/** What was asked for and one backend of the plan does not have, as sentences. */
export function gapsOf(options: RunOptions, offer: Offer): string[] {
  const backends = options.backends.flatMap((name) => offer.backends.get(name) ?? []);
  const buffered = options.responseStreaming.includes(true)
    ? options.fronts.filter((front) => front !== STREAMING_FRONT)
    : [];
  return [
    ...missingLevels(options, backends),
    ...buffered.map((front) => `${front} does not stream: no cell of it`),
  ];
}

/**
 * The combinations of one backend. A factor it does not have does not multiply its cells; a level it
 * does not have (but another backend of the plan has) gives it no cell of that level.
 */
function cellsOf(backend: BackendOffer, options: RunOptions): Cell[] {
  const cells: Cell[] = [];
  for (const dataset of levels(options.datasets, backend.datasets)) {
    for (const variant of levelsOrNone(options.variants, backend.variants.map(nameOf))) {
      for (const dataLayer of levelsOrNone(options.dataLayers, backend.dataLayers)) {
        for (const server of levelsOrNone(options.servers, backend.servers)) {
          for (const batching of levels(options.batching, backend.batching)) {
            for (const platform of platformsOf(backend, options)) {
              const code = { backend: backend.name, variant, dataLayer, batching, server, dataset };
              const endpoint: Endpoint = { ...code, ...platform };
              cells.push({
                id: cellId(endpoint, options.profile),
                endpoint,
                profile: options.profile,
              });
            }
          }
        }
      }
    }
  }
  return cells;
}

/** Every combination of what is Lambda's, whatever the code. */
function platformsOf({ deployed }: BackendOffer, options: RunOptions): Platform[] {
  if (deployed !== undefined) return [deployed.platform];
  const { runtime, timeoutS } = options;
  return waysIn(options).flatMap((wayIn) =>
    options.provisionedConcurrency.flatMap((provisionedConcurrency) =>
      options.reservedConcurrency.flatMap((reservedConcurrency) =>
        options.memoriesMb.map((memoryMb) => ({
          memoryMb,
          ...wayIn,
          runtime,
          timeoutS,
          provisionedConcurrency,
          reservedConcurrency,
          revision: null,
        })),
      ),
    ),
  );
}

/** Fronts, those that stream once for each level. */
function waysIn({
  fronts,
  responseStreaming,
}: RunOptions): Pick<Endpoint, 'front' | 'responseStreaming'>[] {
  return fronts.flatMap((front) =>
    responseStreaming
      .filter((streams) => !streams || front === STREAMING_FRONT)
      .map((streams) => ({ front, responseStreaming: streams })),
  );
}

/** What was asked for and is there; nothing asked for is the first there is. */
function levels<T>(asked: readonly T[] | null, there: readonly T[]): T[] {
  return asked === null ? there.slice(0, 1) : asked.filter((level) => there.includes(level));
}

/** The same of a factor a backend may lack: lacking it is its one level, null. */
function levelsOrNone(
  asked: readonly string[] | null,
  there: readonly string[],
): (string | null)[] {
  return there.length === 0 ? [null] : levels(asked, there);
}

function operationsOf(
  options: RunOptions,
  backends: readonly BackendOffer[],
  named: Named,
): Plan['operations'] {
  const [first] = backends;
  const offered = first?.operations ?? [];
  const { weights } = options;
  if (weights === null) {
    const shown = options.batching !== null;
    return offered
      .map((one) => (shown && one.name === BATCHING_SHOWN_BY.name ? BATCHING_SHOWN_BY : one))
      .filter(({ weight }) => weight > 0)
      .map(({ name, weight }) => ({ name, weight }));
  }
  return Object.entries(weights).map(([name, weight]) => {
    if (!offered.some((one) => one.name === name)) {
      throw unknownName(named('weights'), name, offered.map(nameOf));
    }
    return { name, weight };
  });
}

/** `dynamo-2048-rest-api-apollo-x1-ramp`, `postgres-indexed-pg-2048-rest-api-apollo-batched-x1-ramp` */
export function cellId(endpoint: Endpoint, profile: LoadProfile): string {
  const { provisionedConcurrency, reservedConcurrency } = endpoint;
  const parts = [
    levelOf(endpoint, 'backend'),
    levelOf(endpoint, 'variant'),
    levelOf(endpoint, 'dataLayer'),
    levelOf(endpoint, 'memoryMb'),
    levelOf(endpoint, 'front'),
    levelOf(endpoint, 'server'),
    endpoint.batching ? 'batched' : null,
    endpoint.responseStreaming ? 'streamed' : null,
    provisionedConcurrency > 0 ? `pc${provisionedConcurrency}` : null,
    reservedConcurrency === null ? null : `rc${reservedConcurrency}`,
    levelOf(endpoint, 'dataset'),
    profile.kind,
  ];
  return parts.filter((part) => part !== null).join('-');
}
