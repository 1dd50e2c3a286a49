import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import type { Backend, BackendContext, BackendInstance } from '../../model/ports.ts';
import { bundleOver, datasetName, REFERENCE_API } from '../shared/reference-api.ts';
import { connectionWarnings } from './connections.ts';
import type { PostgresServer } from './server.ts';
import { featuresOf, queryEnvironment, VARIANTS } from './variants.ts';

/** The first is the default: less between the handler and the database. */
const DATA_LAYERS = ['pg', 'knex'];

/**
 * PostgreSQL: one of ours, or the user's by --postgres-url. What it needs is imported when it is asked
 * for, so that naming the backend costs the command line nothing.
 */
export const postgresBackend: Backend = {
  ...REFERENCE_API,
  name: 'postgres',
  variants: VARIANTS,
  dataLayers: DATA_LAYERS,
  // Indexes are in the data; the other features are in what handlers ask.
  instanceKey: (endpoint) =>
    `${endpoint.dataset} ${featuresOf(endpoint).index ? 'indexed' : 'keys only'}`,
  start,
  bundle: bundleOver(({ dataLayer }) => `postgres-${dataLayer}`),
};

async function start(context: BackendContext): Promise<BackendInstance> {
  const { dataset } = await import('../../../fixtures/dataset/dataset.ts');
  const rows = dataset(datasetName(context.endpoint.dataset));
  const { index } = featuresOf(context.endpoint);
  const server = await startServer(context, rows, index);
  return {
    environment: (endpoint) => ({
      DATABASE_URL: server.url,
      DATABASE_SCHEMA: server.schema,
      ...queryEnvironment(endpoint),
    }),
    cpuUs: () => server.cpuUs(),
    trialWarnings: (host) => connectionWarnings(server.limits, host),
    ...(server.failure && { failure: server.failure }),
    stop: () => server.stop(),
  };
}

async function startServer(
  context: BackendContext,
  ...seeded: [rows: Dataset, index: boolean]
): Promise<PostgresServer> {
  if (context.options.postgresUrl !== null) {
    const { startGivenServer } = await import('./given-server.ts');
    return await startGivenServer(context, context.options.postgresUrl, ...seeded);
  }
  const { startOwnServer } = await import('./own-server.ts');
  return await startOwnServer(context, ...seeded);
}
