import { sha256Hex } from '../base/digest.ts';
import type { LoadFacts } from '../model/load-facts.ts';
import type { Backend } from '../model/ports.ts';
import type { Plan } from '../model/run.ts';
import { backendOf, weighted } from './prepare-cells.ts';

/**
 * What the trials of each cell will ask, by the cell's id: the same that their raw/load-plan.json will
 * say, known before anything is started.
 */
export async function askedLoads(
  plan: Plan,
  backends: ReadonlyMap<string, Backend>,
  requestTimeoutS: number,
): Promise<Map<string, LoadFacts>> {
  const known = new Map<string, LoadFacts>();
  const loads = new Map<string, LoadFacts>();
  for (const { id, endpoint } of plan.cells) {
    const { backend: name, dataset } = endpoint;
    const key = `${name} ${dataset}`;
    const facts =
      known.get(key) ?? (await factsOf(backendOf(backends, name), dataset, plan, requestTimeoutS));
    known.set(key, facts);
    loads.set(id, facts);
  }
  return loads;
}

async function factsOf(
  backend: Backend,
  dataset: string,
  plan: Plan,
  requestTimeoutS: number,
): Promise<LoadFacts> {
  const operations = weighted(await backend.feeds(dataset), plan);
  return {
    requestTimeoutS,
    operations: operations.map(({ name, query, weight, rows }) => ({
      name,
      query,
      weight,
      rows: rows.length,
      rowsSha256: sha256Hex(JSON.stringify(rows)),
    })),
  };
}
