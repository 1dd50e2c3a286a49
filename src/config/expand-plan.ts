import { UsageError } from '../base/errors.ts';
import { type Endpoint, levelOf } from '../model/endpoint.ts';
import type { BackendOffer } from '../model/ports.ts';
import type { Cell, Plan } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { RunOptions } from './run-options.ts';

/** What the registry offers, for the checks of a plan. */
export interface Offer {
  target: string;
  fronts: readonly string[];
  backends: ReadonlyMap<string, BackendOffer>;
}

/** An operation that asks for more of one kind than a handler should fetch one by one. */
const BATCHING_SHOWN_BY = { name: 'TenUsers', weight: 10 };

/** Every combination of the factors as a cell. Throws UsageError naming the flag of what there is not. */
export function expandPlan(options: RunOptions, offer: Offer): Plan {
  const backends = options.backends.map((name) => {
    const offered = offer.backends.get(name);
    if (offered === undefined) throw unknown('--backend', name, [...offer.backends.keys()]);
    return offered;
  });
  for (const front of options.fronts) {
    if (!offer.fronts.includes(front)) throw unknown('--front', front, offer.fronts);
  }
  checkLevels('--server', options.servers, backends, ({ servers }) => servers);
  checkLevels('--variant', options.variants, backends, ({ variants }) => variants.map(nameOf));
  checkLevels('--data-layer', options.dataLayers, backends, ({ dataLayers }) => dataLayers);
  checkLevels('--dataset', options.datasets, backends, ({ datasets }) => datasets);
  checkLevels('--batching', options.batching?.map(onOff) ?? null, backends, ({ batching }) =>
    batching.map(onOff),
  );
  const cells = backends.flatMap((backend) => cellsOf(backend, options));
  if (cells.length === 0) throw new UsageError('the factors leave no combination to measure');
  return {
    target: offer.target,
    cells,
    rounds: options.rounds,
    seed: options.seed,
    operations: operationsOf(options, backends),
    variants: backends.flatMap(({ name: backend, variants }) =>
      variants
        .filter(({ name }) => cells.some(({ endpoint }) => endpoint.variant === name))
        .map(({ name, features }) => ({ backend, name, features })),
    ),
  };
}

/**
 * The combinations of one backend. A factor it does not have does not multiply its cells; a level it
 * does not have (but another backend of the plan has) gives it no cell of that level.
 */
function cellsOf(backend: BackendOffer, options: RunOptions): Cell[] {
  const { profile, runtime, timeoutS } = options;
  const cells: Cell[] = [];
  for (const dataset of levels(options.datasets, backend.datasets)) {
    for (const variant of orNull(levels(options.variants, backend.variants.map(nameOf)))) {
      for (const dataLayer of orNull(levels(options.dataLayers, backend.dataLayers))) {
        for (const server of levels(options.servers, backend.servers)) {
          for (const batching of levels(options.batching, backend.batching)) {
            for (const front of options.fronts) {
              for (const memoryMb of options.memoriesMb) {
                const endpoint: Endpoint = {
                  backend: backend.name,
                  variant,
                  dataLayer,
                  batching,
                  memoryMb,
                  front,
                  server,
                  dataset,
                  runtime,
                  timeoutS,
                };
                cells.push({ id: cellId(endpoint, profile), endpoint, profile });
              }
            }
          }
        }
      }
    }
  }
  return cells;
}

/** What was asked for and is there; nothing asked for is the first there is. */
function levels<T>(asked: readonly T[] | null, there: readonly T[]): T[] {
  return asked === null ? there.slice(0, 1) : asked.filter((level) => there.includes(level));
}

function orNull<T>(some: readonly T[]): (T | null)[] {
  return some.length === 0 ? [null] : [...some];
}

/** A level must be there for at least one backend of the plan. */
function checkLevels(
  flag: string,
  asked: readonly string[] | null,
  backends: readonly BackendOffer[],
  there: (backend: BackendOffer) => readonly string[],
): void {
  const all = [...new Set(backends.flatMap(there))];
  for (const level of asked ?? []) {
    if (all.includes(level)) continue;
    if (all.length > 0) throw unknown(flag, level, all);
    const names = backends.map(nameOf).join(' and ');
    throw new UsageError(`${flag}: ${names} has one way only; leave the flag out`);
  }
}

function operationsOf(options: RunOptions, backends: readonly BackendOffer[]): Plan['operations'] {
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
      throw unknown('--weights', name, offered.map(nameOf));
    }
    return { name, weight };
  });
}

/** `dynamo-2048-rest-api-apollo-x1-ramp`, `postgres-indexed-pg-2048-rest-api-apollo-batched-x1-ramp` */
export function cellId(endpoint: Endpoint, profile: LoadProfile): string {
  const parts = [
    levelOf(endpoint, 'backend'),
    levelOf(endpoint, 'variant'),
    levelOf(endpoint, 'dataLayer'),
    levelOf(endpoint, 'memoryMb'),
    levelOf(endpoint, 'front'),
    levelOf(endpoint, 'server'),
    endpoint.batching ? 'batched' : null,
    levelOf(endpoint, 'dataset'),
    profile.kind,
  ];
  return parts.filter((part) => part !== null).join('-');
}

function nameOf({ name }: { name: string }): string {
  return name;
}

function onOff(batching: boolean): string {
  return batching ? 'on' : 'off';
}

function unknown(flag: string, value: string, choices: readonly string[]): UsageError {
  return new UsageError(`${flag}: there is no "${value}" here; choose from ${choices.join(', ')}`);
}
