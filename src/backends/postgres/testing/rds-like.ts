import { randomBytes } from 'node:crypto';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import {
  ADMIN,
  closedFolder,
  createCluster,
  DATABASE,
} from '../../../databases/postgres/create-cluster.ts';
import { findPostgres } from '../../../databases/postgres/find-postgres.ts';
import { reachable } from '../../../databases/postgres/ownership.ts';
import { startPostgres } from '../../../databases/postgres/start-postgres.ts';

/** Who handlers come in as. */
export const READER = 'bench_reader';

/** A real PostgreSQL whose roles are as RDS's: a master who is no superuser, and `rds_iam`. */
export interface RdsLike {
  port: number;
  /** Through it the reader comes in as it is, as a stand-in for RDS does that has checked a token. */
  socketFolder: string;
  master: { username: string; password: string };
  /** As the superuser, whom RDS keeps to itself. */
  asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startRdsLike(supervisor: Supervisor): Promise<RdsLike> {
  const installation = await reachable(await findPostgres(supervisor), supervisor);
  const folder = supervisor.ownFolder('bench-rds');
  const dataFolder = closedFolder(join(folder, 'data'));
  const socketFolder = closedFolder(join(folder, 'socket'));
  await createCluster({ supervisor, installation, folder: dataFolder });
  await appendFile(join(dataFolder, 'pg_hba.conf'), `local all ${READER} trust\n`);
  const job = { supervisor, installation, dataFolder, socketFolder, maxConnections: 20 };
  const postgres = await startPostgres(job);
  const asSuperuser: RdsLike['asSuperuser'] = async (work) => {
    const client = new Client({
      host: socketFolder,
      port: postgres.port,
      user: ADMIN,
      database: DATABASE,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  // Signs that a URL and a log must not trip over.
  const master = {
    username: 'bench_master',
    password: `p@ss/w%rd?${randomBytes(8).toString('hex')}`,
  };
  await asSuperuser(async (client) => {
    await client.query(
      `create role ${master.username} login createrole password ${client.escapeLiteral(master.password)}`,
    );
    await client.query(`create role rds_iam`);
    await client.query(`grant rds_iam to ${master.username} with admin option`);
    await client.query(`grant create on database ${DATABASE} to ${master.username}`);
  });
  return {
    port: postgres.port,
    socketFolder,
    master,
    asSuperuser,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
