import { processCpuUs } from '../../base/processes/cpu-time.ts';
import type { Backend, BackendContext, BackendInstance } from '../../model/ports.ts';
import { bundleOver, REFERENCE_API } from '../shared/reference-api.ts';
import { TWEETS_TABLE, USERS_TABLE } from './tables.ts';

/**
 * DynamoDB, locally on dynalite. What it needs is imported when it is asked for, so that naming the
 * backend costs the command line nothing.
 */
export const dynamoBackend: Backend = {
  ...REFERENCE_API,
  name: 'dynamo',
  variants: [],
  dataLayers: [],
  instanceKey: ({ dataset }) => dataset,
  start,
  bundle: bundleOver(() => 'dynamo'),
};

async function start(context: BackendContext): Promise<BackendInstance> {
  const { startSeeded } = await import('./seeded-database.ts');
  const database = await startSeeded(context);
  return {
    environment: () => ({
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      USERS_TABLE,
      TWEETS_TABLE,
    }),
    cpuUs: () => processCpuUs(database.pid),
    failure: database.ended,
    stop: () => database.stop(),
  };
}
