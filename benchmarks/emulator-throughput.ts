/**
 * A function that does nothing behind a function URL, telemetry on, k6 on the same cores; beside
 * serverless-offline in the same run (`npm ci` in benchmarks/peers first).
 *
 *   node benchmarks/emulator-throughput.ts [seconds]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheFolder } from '../src/base/cache.ts';
import { createSupervisor, type Supervisor } from '../src/base/processes/supervisor.ts';
import { startEmulator } from '../src/emulator/emulator.ts';
import { findK6 } from '../src/engines/k6/find-k6.ts';

const seconds = Number(process.argv[2] ?? 8);
const folder = import.meta.dirname;
const supervisor = createSupervisor();
const signal = new AbortController().signal;

interface Measured {
  perS: number;
  medianMs: number;
  p99Ms: number;
  failedShare: number;
}

async function drive(k6: string, url: string, vus: number): Promise<Measured> {
  const out = join(supervisor.ownFolder('bench-k6'), 'out.json');
  const child = supervisor.spawn(
    k6,
    ['run', '--quiet', '--no-usage-report', '--address', '', join(folder, 'throughput.k6.js')],
    {
      cwd: folder,
      env: { URL: url, VUS: String(vus), DURATION: `${seconds}s`, OUT: out, HOME: '/nonexistent' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const code = await child.ended;
  if (code !== 0) throw new Error(`k6 ended with ${code}`);
  return JSON.parse(readFileSync(out, 'utf8'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** null where the peers are not installed. */
async function startPeer(owner: Supervisor): Promise<string | null> {
  const cli = join(folder, 'peers/node_modules/serverless/bin/serverless.js');
  if (!existsSync(cli)) return null;
  const port = await freePort();
  const lambdaPort = await freePort();
  const args = [cli, 'offline', 'start', '--host', '127.0.0.1', '--httpPort', String(port)];
  const peer = owner.spawn(
    process.execPath,
    [...args, '--lambdaPort', String(lambdaPort), '--noPrependStageInUrl', '--noTimeout'],
    {
      cwd: join(folder, 'peers/offline'),
      env: {
        PATH: process.env.PATH ?? '',
        HOME: owner.ownFolder('bench-peer'),
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
      },
      // It logs a line a request; written nowhere, so that this does not count against it.
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  );
  const url = `http://127.0.0.1:${port}/`;
  for (;;) {
    const state = await Promise.race([
      peer.ended.then(() => 'ended' as const),
      fetch(url, { method: 'POST', body: '{}' }).then(
        () => 'ready' as const,
        () => new Promise<'waiting'>((resolve) => setTimeout(resolve, 100, 'waiting')),
      ),
    ]);
    if (state === 'ready') return url;
    if (state === 'ended') throw new Error('serverless-offline ended before it was ready');
  }
}

async function startOurs(): Promise<string> {
  const codeFolder = join(supervisor.ownFolder('bench-noop'), 'code');
  mkdirSync(codeFolder);
  const code = `exports.handler = async () => ({ statusCode: 200, body: '{"data":{}}' });\n`;
  writeFileSync(join(codeFolder, 'index.cjs'), code);
  const emulator = await startEmulator({ supervisor });
  await emulator.functions.create({
    name: 'noop',
    runtime: 'nodejs24.x',
    codeFolder,
    handler: { file: 'index.cjs', exportName: 'handler' },
    memoryMb: 1769,
    timeoutS: 30,
    environment: {},
  });
  return (await emulator.addFront('function-url', 'noop')).url;
}

function row(name: string, users: number, measured: Measured): string {
  return [
    name.padEnd(20),
    String(users).padStart(5),
    measured.perS.toFixed(0).padStart(14),
    measured.medianMs.toFixed(2).padStart(10),
    measured.p99Ms.toFixed(2).padStart(8),
    `${(measured.failedShare * 100).toFixed(1)}%`.padStart(7),
  ].join(' ');
}

try {
  const env = process.env;
  const request = { supervisor, signal, env, cacheFolder: cacheFolder(env), progress: () => {} };
  const k6 = await findK6(request);
  const ours = await startOurs();
  const peer = await startPeer(supervisor);
  console.log('                     users  invocations/s  median ms   p99 ms  failed');
  for (const users of [1, 4, 20]) {
    await drive(k6.path, ours, users);
    const mine = await drive(k6.path, ours, users);
    console.log(row('this emulator', users, mine));
    if (peer === null) continue;
    await drive(k6.path, peer, users);
    const theirs = await drive(k6.path, peer, users);
    console.log(row('serverless-offline', users, theirs));
    console.log(`  ratio ${(mine.perS / theirs.perS).toFixed(2)}`);
  }
} finally {
  await supervisor.close();
}
