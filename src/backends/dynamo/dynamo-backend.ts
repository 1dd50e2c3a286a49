import { type DATASETS, dataset, isDatasetName } from '../../../fixtures/dataset/dataset.ts';
import { REFERENCE_OPERATIONS } from '../../../fixtures/operations/reference.ts';
import { UsageError } from '../../base/errors.ts';
import { processCpuUs } from '../../base/processes/cpu-time.ts';
import type { Backend, BackendContext, BackendInstance } from '../../model/ports.ts';
import { TWEETS_TABLE, USERS_TABLE } from './tables.ts';

/** x100 is half a million items: too many for one Node process that holds them in memory. */
const SUPPORTED = ['x1'] as const satisfies typeof DATASETS;

/**
 * DynamoDB, locally on dynalite. What it needs is imported when it is asked for, so that naming the
 * backend costs the command line nothing.
 */
export const dynamoBackend: Backend = {
  name: 'dynamo',
  servers: ['apollo'],
  datasets: SUPPORTED,
  variants: [],
  dataLayers: [],
  batching: [false],
  operations: REFERENCE_OPERATIONS,
  instanceKey: ({ dataset: name }) => name,
  start,
  async bundle(endpoint, folder) {
    const { bundleHandler } = await import('../shared/bundle.ts');
    return await bundleHandler({ endpoint, source: 'dynamo', folder });
  },
  async feeds(name) {
    const { operations } = await import('../../../fixtures/operations/operations.ts');
    return operations(supported(name));
  },
};

async function start(context: BackendContext): Promise<BackendInstance> {
  const { supervisor, progress, signal } = context;
  const rows = dataset(supported(context.endpoint.dataset));
  progress('starting dynalite');
  const [{ DynamoDBClient }, { seed }, { startDynalite }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('./seed.ts'),
    import('../../databases/dynalite/start.ts'),
  ]);
  const database = await startDynalite({ supervisor });
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    // dynalite wants a signature and does not check it.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const count = (rows.users.length + rows.tweetCount).toLocaleString('en-US');
    progress(`seeding ${count} items`);
    await Promise.race([
      seed(client, rows, signal),
      database.ended.then((error) => Promise.reject(error)),
    ]);
  } catch (error) {
    await database.stop();
    // The SDK has an error of its own for an abort: the caller wants its reason back.
    signal.throwIfAborted();
    throw error;
  } finally {
    client.destroy();
  }
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

function supported(name: string): (typeof SUPPORTED)[number] {
  const known = SUPPORTED.find((one) => one === name);
  if (known !== undefined) return known;
  const other = isDatasetName(name) ? 'not made for' : 'unknown to';
  throw new UsageError(
    `data set ${name} is ${other} backend dynamo; it has ${SUPPORTED.join(', ')}`,
  );
}
