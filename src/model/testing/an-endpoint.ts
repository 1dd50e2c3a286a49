import { type Endpoint, functionSettings } from '../endpoint.ts';
import type { Cell } from '../run.ts';

/** The reference endpoint with what a test wants different. */
export function anEndpoint(own: Partial<Endpoint> = {}): Endpoint {
  return {
    backend: 'dynamo',
    variant: null,
    dataLayer: null,
    batching: false,
    memoryMb: 1024,
    front: 'rest-api',
    server: 'apollo',
    dataset: 'x1',
    runtime: 'nodejs24.x',
    timeoutS: 30,
    provisionedConcurrency: 0,
    reservedConcurrency: null,
    responseStreaming: false,
    revision: null,
    ...own,
  };
}

/** The memory size of a cell that bench would deploy. */
export function memoryOf({ endpoint }: Pick<Cell, 'endpoint'>): number {
  return functionSettings(endpoint).memoryMb;
}
