import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import { errnoOf, messageOf, ToolError, UsageError } from '../../base/errors.ts';
import {
  ADMIN,
  closedFolder,
  createCluster,
  DATABASE,
} from '../../databases/postgres/create-cluster.ts';
import { findPostgres, type Installation } from '../../databases/postgres/find-postgres.ts';
import { giveTo, reachable, serverUid } from '../../databases/postgres/ownership.ts';
import { type Postgres, startPostgres } from '../../databases/postgres/start-postgres.ts';
import { treeCpuUs } from '../../databases/postgres/tree-cpu.ts';
import { fromSnapshot } from '../../databases/snapshot.ts';
import type { BackendContext } from '../../model/ports.ts';
import { seed } from './seed.ts';
import type { PostgresServer } from './server.ts';
import { snapshotKey } from './snapshot-key.ts';

/** Handlers come in as this one, who may read and nothing else. */
const READER = 'bench_reader';
const SCHEMA = 'bench';
/** PostgreSQL's defaults: max_connections, and those of them that are kept for superusers. */
const DEFAULT_CONNECTIONS = 100;
const RESERVED_CONNECTIONS = 3;
/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, the last of them a zero. */
const LONGEST_SOCKET_PATH = 103;
const LONGEST_SOCKET_NAME = '.s.PGSQL.65535';

/** A PostgreSQL of ours that holds the data set, made or copied from its snapshot. */
export async function startOwnServer(
  context: BackendContext,
  rows: Dataset,
  index: boolean,
): Promise<PostgresServer> {
  const { supervisor, progress, signal } = context;
  const maxConnections = context.options.postgresConnections ?? DEFAULT_CONNECTIONS;
  if (maxConnections <= RESERVED_CONNECTIONS) {
    throw new UsageError(
      `--postgres-connections: ${maxConnections} is too few; PostgreSQL keeps ${RESERVED_CONNECTIONS} for superusers`,
    );
  }
  progress('looking for PostgreSQL');
  const installation = await reachable(await findPostgres(supervisor), supervisor);
  const folder = supervisor.ownFolder('bench-postgres');
  const dataFolder = closedFolder(join(folder, 'data'));
  const socketFolder = closedFolder(join(folder, 'socket'));
  if (join(socketFolder, LONGEST_SOCKET_NAME).length > LONGEST_SOCKET_PATH) {
    throw new UsageError(
      `${folder} is too long for PostgreSQL's socket: set TMPDIR to a folder with a shorter path, such as /tmp`,
    );
  }
  const launch = () =>
    startPostgres({ supervisor, installation, dataFolder, socketFolder, maxConnections });
  progress('looking for the data in the cache');
  const key = snapshotKey(installation, rows.name, index);
  const { cached, notKept } = await fromSnapshot({
    cacheFolder: context.cacheFolder,
    key,
    into: dataFolder,
    make: () => make({ context, rows, index, installation, dataFolder, launch }),
    signal,
  });
  if (notKept !== null) progress(`the data could not be kept for the next time: ${notKept}`);
  // Copies are ours, not the server's.
  await giveTo(dataFolder, serverUid());
  progress(`starting ${installation.banner}`);
  const postgres = await launch().catch((error) => {
    if (!cached) throw error;
    const snapshot = join(context.cacheFolder, 'snapshots', key);
    throw new ToolError(
      `${messageOf(error)}\nthis was a copy of ${snapshot}; remove that folder to have it made again`,
    );
  });
  const password = randomBytes(16).toString('hex');
  try {
    await asAdmin(postgres, (client) =>
      // A random text of hexadecimal digits: nothing to quote.
      client.query(`alter role ${READER} password '${password}'`),
    );
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    url: `postgresql://${READER}:${password}@127.0.0.1:${postgres.port}/${DATABASE}`,
    schema: SCHEMA,
    limits: { maxConnections, taken: RESERVED_CONNECTIONS },
    cpuUs: () => treeCpuUs(postgres.pid),
    failure: postgres.ended,
    async stop() {
      await postgres.stop();
      // Children of a server that was killed may still be ending.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Seeds a new cluster and shuts it down. */
async function make(job: {
  context: BackendContext;
  rows: Dataset;
  index: boolean;
  installation: Installation;
  dataFolder: string;
  launch(): Promise<Postgres>;
}): Promise<void> {
  const { context, rows, index, installation, dataFolder, launch } = job;
  const { supervisor, progress, signal } = context;
  progress('making a database');
  await createCluster({ supervisor, installation, folder: dataFolder });
  const postgres = await launch();
  try {
    await Promise.race([
      asAdmin(postgres, async (client) => {
        await client.query(`create role ${READER} login`);
        await seed({ client, schema: SCHEMA, rows, index, reader: READER, progress, signal });
      }),
      postgres.ended.then((error) => Promise.reject(error)),
    ]);
    await postgres.shutDown();
  } catch (error) {
    await postgres.stop();
    // pg and the streams have errors of their own for an abort: the caller wants its reason back.
    signal.throwIfAborted();
    throw errnoOf(error) === DISK_FULL ? diskFull(dataFolder) : error;
  }
}

/** PostgreSQL's code, also for a folder over its quota. */
const DISK_FULL = '53100';

function diskFull(dataFolder: string): UsageError {
  return new UsageError(
    `the disk of ${dataFolder} is too full for the data set; free some space there, or set TMPDIR`,
  );
}

async function asAdmin<T>(
  { socketFolder, port }: Postgres,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ host: socketFolder, port, user: ADMIN, database: DATABASE });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    // Not waited for: the server may be gone.
    void client.end().catch(() => {});
  }
}
