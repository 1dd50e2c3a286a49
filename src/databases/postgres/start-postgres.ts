import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ToolError } from '../../base/errors.ts';
import type { SupervisedProcess, Supervisor } from '../../base/processes/supervisor.ts';
import type { Installation } from './find-postgres.ts';
import { serverUid } from './ownership.ts';
import { programEnvironment, runProgram } from './run-program.ts';

/** A running PostgreSQL of ours. */
export interface Postgres {
  /** On 127.0.0.1. */
  port: number;
  /** Holds the socket. */
  socketFolder: string;
  pid: number;
  /** Resolves when it ends without `stop` or `shutDown`, with what it said last; never rejects. */
  ended: Promise<ToolError>;
  /** At once; its files are of no use afterwards. */
  stop(): Promise<void>;
  /** Its files are at rest and whole when this resolves. */
  shutDown(): Promise<void>;
}

interface Job {
  supervisor: Supervisor;
  installation: Installation;
  dataFolder: string;
  socketFolder: string;
  maxConnections: number;
}

/** Another process may take a port between our look and PostgreSQL's: then with another one. */
const PORT_TRIES = 5;
const STDERR_LINES_KEPT = 20;
const STOP_MS = 10_000;

/** What is not PostgreSQL's default, and why. The planner and memory are: as people find them. */
function settings({ socketFolder, maxConnections }: Job, port: number): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    max_connections: String(maxConnections),
    // The data go with the run: nothing needs to survive a crash, and no flush disturbs a trial.
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    // Tables filled in the transaction that made them skip the log.
    wal_level: 'minimal',
    max_wal_senders: '0',
    // Data are only read after seeding, which leaves them vacuumed and analysed: nothing of this may
    // fall into one trial and not into another.
    autovacuum: 'off',
    checkpoint_timeout: '1d',
    max_wal_size: '4GB',
    // In the data folder, which goes whatever happens; in /dev/shm they would stay after a kill -9.
    dynamic_shared_memory_type: 'mmap',
    // A crash must be told, not mended behind a measurement.
    restart_after_crash: 'off',
    log_checkpoints: 'off',
  };
}

/** Starts PostgreSQL on a cluster. Throws ToolError with its own words where it does not come up. */
export async function startPostgres(job: Job): Promise<Postgres> {
  for (let tries = 1; ; tries += 1) {
    const started = await tryPort(job, await freePort());
    if (!(started instanceof ToolError)) return started;
    const taken = /Address already in use/.test(started.message);
    if (!taken || tries === PORT_TRIES) throw started;
  }
}

async function tryPort(job: Job, port: number): Promise<Postgres | ToolError> {
  const { supervisor, installation, dataFolder, socketFolder } = job;
  const uid = serverUid();
  const server = supervisor.spawn(
    join(installation.bin, 'postgres'),
    [
      ...['-D', dataFolder],
      ...Object.entries(settings(job, port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      cwd: '/',
      env: programEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    },
  );
  const log = readLog(server);
  let stopping = false;
  const over = server.ended.then(async (how) => {
    const cause = typeof how === 'number' ? `exit code ${how}` : how;
    return new ToolError(`the database PostgreSQL ended by itself (${cause})${await log.last()}`);
  });
  const failed = await Promise.race([log.ready.then(() => null), over]);
  if (failed !== null) return failed;
  await leaveNoSegment(supervisor, dataFolder);
  const end = async (signal: 'SIGQUIT' | 'SIGINT') => {
    stopping = true;
    server.signal(signal);
    const force = setTimeout(() => server.signal('SIGKILL'), STOP_MS);
    await server.ended;
    clearTimeout(force);
  };
  return {
    port,
    socketFolder,
    pid: server.pid,
    ended: new Promise((resolve) => {
      void over.then((error) => {
        if (!stopping) resolve(error);
      });
    }),
    // SIGQUIT is PostgreSQL's immediate shutdown, which waits for its own children; SIGINT its fast one.
    stop: () => end('SIGQUIT'),
    shutDown: () => end('SIGINT'),
  };
}

/** PostgreSQL cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * PostgreSQL marks its data folder with a segment of System V shared memory, which outlives a kill -9.
 * Marked as removed now, it goes with the last process that has it. Where this cannot be done, or is
 * not done yet (initdb has one, too), 56 bytes may stay.
 */
async function leaveNoSegment(supervisor: Supervisor, dataFolder: string): Promise<void> {
  // Line 7: the segment's key and id. Source: PostgreSQL's miscadmin.h, "lock file".
  const line = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[6];
  const id = line?.trim().split(/\s+/)[1];
  if (id !== undefined) await runProgram(supervisor, 'ipcrm', ['-m', id]);
}

function readLog({ child }: SupervisedProcess) {
  if (child.stderr === null) throw new Error('PostgreSQL was started without a pipe');
  const kept: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const closed = new Promise<void>((resolve) => lines.once('close', resolve));
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      kept.push(line);
      if (kept.length > STDERR_LINES_KEPT) kept.shift();
      if (!line.includes('database system is ready to accept connections')) return;
      // What it said while it came up explains no later end.
      kept.length = 0;
      resolve();
    });
  });
  return {
    ready,
    async last(): Promise<string> {
      await closed;
      return kept.length === 0 ? '' : `:\n${kept.join('\n')}`;
    },
  };
}
