import { UsageError } from '../base/errors.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Cell, Plan } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { RunOptions } from './run-options.ts';

/** What the registry offers, for the checks of a plan. */
export interface Offer {
  target: string;
  fronts: readonly string[];
  backends: ReadonlyMap<string, { servers: readonly string[]; datasets: readonly string[] }>;
}

/** Every combination of the factors as a cell. Throws UsageError naming the flag of what there is not. */
export function expandPlan(options: RunOptions, offer: Offer): Plan {
  const cells: Cell[] = [];
  for (const backend of options.backends) {
    const offered = offer.backends.get(backend);
    if (offered === undefined) throw unknown('--backend', backend, [...offer.backends.keys()]);
    for (const dataset of options.datasets) {
      if (!offered.datasets.includes(dataset))
        throw unknown('--dataset', dataset, offered.datasets);
      for (const server of options.servers) {
        if (!offered.servers.includes(server)) throw unknown('--server', server, offered.servers);
        for (const front of options.fronts) {
          if (!offer.fronts.includes(front)) throw unknown('--front', front, offer.fronts);
          for (const memoryMb of options.memoriesMb) {
            const { timeoutS } = options;
            const endpoint: Endpoint = {
              backend,
              memoryMb,
              front,
              server,
              dataset,
              runtime: 'nodejs24.x',
              timeoutS,
            };
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
  return { target: offer.target, cells, rounds: options.rounds, seed: options.seed };
}

/** `dynamo-2048-rest-api-apollo-x1-ramp` */
export function cellId(endpoint: Endpoint, profile: LoadProfile): string {
  const { backend, memoryMb, front, server, dataset } = endpoint;
  return [backend, memoryMb, front, server, dataset, profile.kind].join('-');
}

function unknown(flag: string, value: string, choices: readonly string[]): UsageError {
  return new UsageError(`${flag}: there is no "${value}" here; choose from ${choices.join(', ')}`);
}
