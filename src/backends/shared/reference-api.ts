import { DATASETS, isDatasetName } from '../../../fixtures/dataset/dataset.ts';
import { REFERENCE_OPERATIONS } from '../../../fixtures/operations/reference.ts';
import { UsageError } from '../../base/errors.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Backend } from '../../model/ports.ts';

/** What every backend of the reference API offers, besides its own: the same schema, data and load. */
export const REFERENCE_API = {
  servers: ['apollo', 'yoga', 'graphql-js'],
  batching: [false, true],
  datasets: DATASETS,
  operations: REFERENCE_OPERATIONS,
  async feeds(name) {
    const { operations } = await import('../../../fixtures/operations/operations.ts');
    return operations(datasetName(name));
  },
} as const satisfies Partial<Backend>;

/** `bundle` of a backend, over a source of deploy/handlers/sources. esbuild is loaded when it is used. */
export function bundleOver(sourceOf: (endpoint: Endpoint) => string): Backend['bundle'] {
  return async (endpoint, folder, checkout) => {
    const { bundleHandler } = await import('./bundle.ts');
    return await bundleHandler({ endpoint, source: sourceOf(endpoint), folder, checkout });
  };
}

/** Throws UsageError for a data set there is not. */
export function datasetName(name: string): (typeof DATASETS)[number] {
  if (isDatasetName(name)) return name;
  throw new UsageError(`--dataset: there is no "${name}" here; choose from ${DATASETS.join(', ')}`);
}
