import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError, UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { Installation } from './find-postgres.ts';
import { giveTo, initdbUid, serverUid } from './ownership.ts';
import { runProgram } from './run-program.ts';

/** Owns everything; comes in through the socket's folder only, which nobody else can enter. */
export const ADMIN = 'bench_admin';
export const DATABASE = 'postgres';

const ACCESS = `# Ours through the socket, in a folder closed to others; all others by a password of the run.
local all ${ADMIN} trust
host ${DATABASE} all 127.0.0.1/32 scram-sha-256
`;

/** In the folder, which goes whatever happens; in /dev/shm it would stay after a kill -9. */
const SHARED_MEMORY = 'dynamic_shared_memory_type=mmap';
/** An older initdb cannot be told: 1 MB may stay where it is killed. */
const FIRST_WITH_SET = 16;

/** Makes an empty database cluster in `folder`, which exists and is empty. */
export async function createCluster(job: {
  supervisor: Supervisor;
  installation: Installation;
  folder: string;
}): Promise<void> {
  const { supervisor, installation, folder } = job;
  const uid = initdbUid();
  if (uid !== undefined) chownSync(folder, uid, uid);
  // Texts compare by their bytes: the same order, and the same files, on every machine.
  const { exit, stdout, stderr } = await runProgram(
    supervisor,
    join(installation.bin, 'initdb'),
    [
      ...['--pgdata', folder, '--username', ADMIN, '--encoding', 'UTF8', '--locale', 'C'],
      // Without a warning; pg_hba.conf is written below. Small files of the log: a snapshot keeps them.
      ...['--auth', 'trust', '--wal-segsize', '1', '--no-sync'],
      ...(installation.version < FIRST_WITH_SET ? [] : ['--set', SHARED_MEMORY]),
    ],
    { uid },
  );
  if (exit !== 0) throw refusal(exit, `${stdout}\n${stderr}`, folder);
  writeFileSync(join(folder, 'pg_hba.conf'), ACCESS);
  await giveTo(folder, serverUid());
}

function refusal(exit: number | string, said: string, folder: string): Error {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new UsageError(`the disk of ${folder} is full; free some space there, or set TMPDIR`);
  }
  const last = said.trim().split('\n').slice(-5).join('\n');
  if (/could not look up effective user ID/.test(said)) {
    return new UsageError(
      `PostgreSQL runs only as a user with a name (${last}): add this one to /etc/passwd, or name a PostgreSQL of yours with --postgres-url`,
    );
  }
  return new ToolError(`PostgreSQL could not make its files (initdb: ${exit}):\n${last}`);
}

/** A folder that the server alone can enter. */
export function closedFolder(path: string): string {
  const uid = serverUid();
  mkdirSync(path);
  chmodSync(path, 0o700);
  if (uid !== undefined) chownSync(path, uid, uid);
  return path;
}
