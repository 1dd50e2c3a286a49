import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dataset } from '../../../fixtures/dataset/dataset.ts';
import { messageOf, ToolError } from '../../base/errors.ts';
import { contentKey } from '../../databases/content-key.ts';
import { startDynalite } from '../../databases/dynalite/start.ts';
import type { ServerProcess } from '../../databases/server-process.ts';
import { fromSnapshot } from '../../databases/snapshot.ts';
import type { BackendContext } from '../../model/ports.ts';
import { datasetName } from '../shared/reference-api.ts';
import { seedingProgress } from '../shared/seeding-progress.ts';
import { seed } from './seed.ts';
import { TABLES } from './tables.ts';

/** What the items are made by. */
const MADE_BY = [
  'fixtures/dataset/dataset',
  'fixtures/dataset/text',
  'src/base/random',
  'src/backends/dynamo/items',
  'src/backends/dynamo/seed',
  'src/backends/dynamo/tables',
];

/**
 * dynalite over a LevelDB with the endpoint's data set, a copy of the cache's snapshot where there is
 * one. All data sets lie on disk, so that they differ in their size and in nothing else.
 */
export async function startSeeded(context: BackendContext): Promise<ServerProcess> {
  const { supervisor, cacheFolder, progress, signal } = context;
  const name = datasetName(context.endpoint.dataset);
  const content = contentKey({ by: MADE_BY, versions: [dynaliteVersion()] });
  const key = `dynalite-${name}-${content}`;
  const folder = supervisor.ownFolder('bench-dynalite');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    progress(`looking for a snapshot of ${name}`);
    const { notKept } = await fromSnapshot({
      cacheFolder,
      key,
      into: folder,
      make: () => seedInto(folder, name, context),
      signal,
    });
    if (notKept !== null) progress(`the snapshot of ${name} could not be kept: ${notKept}`);
    progress('starting dynalite');
    const database = await startDynalite({ supervisor, folder });
    await check(database, join(cacheFolder, 'snapshots', key));
    if (signal.aborted) {
      await database.stop();
      signal.throwIfAborted();
    }
    return {
      ...database,
      async stop() {
        await database.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function seedInto(
  folder: string,
  name: ReturnType<typeof datasetName>,
  { supervisor, progress, signal }: BackendContext,
): Promise<void> {
  const rows = dataset(name);
  const items = rows.users.length + rows.tweetCount;
  const tell = seedingProgress(items, 'items', progress);
  const database = await startDynalite({ supervisor, folder });
  const client = clientOf(database);
  try {
    tell(0);
    await Promise.race([
      seed({ client, rows, signal, written: tell }),
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
  // LevelDB's files are whole once it was closed.
  await database.stop('SIGTERM');
}

/** dynalite opens its files with the first request, and says nothing where it cannot. */
async function check(database: ServerProcess, snapshot: string): Promise<void> {
  const client = clientOf(database, 1);
  try {
    for (const { TableName } of TABLES) await client.send(new DescribeTableCommand({ TableName }));
  } catch (error) {
    await database.stop();
    throw new ToolError(
      `the database from the snapshot ${snapshot} does not answer (${messageOf(error)}); remove that folder to have it made again`,
    );
  } finally {
    client.destroy();
  }
}

function clientOf({ endpoint }: ServerProcess, maxAttempts = 3): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts,
    // dynalite wants a signature and does not check it.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

function dynaliteVersion(): string {
  const { version } = createRequire(import.meta.url)('dynalite/package.json') as {
    version: string;
  };
  return version;
}
