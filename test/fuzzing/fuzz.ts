import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededRandom } from '../../src/base/random.ts';
import { type AwsPlace, signedRequest } from './aws-requests.ts';
import { anyJson, below, mutated, pick, type Random } from './mutate.ts';
import { type Outcome, send } from './send.ts';

export interface Fuzzed {
  inputs: number;
  /** By surface, then by status; 0: closed without an answer. */
  answers: Record<Surface, Record<number, number>>;
  /** Inputs after which a server neither answered nor closed; the first of them, to be repeated. */
  hung: { count: number; example: string | null };
  /** Answers of 500 by AWS's protocols: an exception nobody foresaw. */
  internalFailures: { count: number; example: string | null };
  /** Not null: the emulator ended, and with what. */
  crash: string | null;
  environmentsPeak: number | null;
  rssMb: { before: number; after: number };
}

type Surface = 'front' | 'runtime' | 'aws';

interface Addresses extends AwsPlace {
  fronts: [string, string, string];
}

/** Invocations go on beside the inputs, so environments are always there. */
const CONCURRENCY = 64;

/**
 * Sends requests bent in every way to the three kinds of servers the emulator has. Seeded: an input
 * is decided by the seed and its number.
 */
export async function fuzz(job: { inputs: number; seed: number }): Promise<Fuzzed> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(server, 'exit');
  let errors = '';
  server.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  try {
    const first = await lines.next();
    if (first.done === true) throw new Error(`the emulator did not start: ${errors}`);
    const addresses = JSON.parse(first.value) as Addresses;
    const result = await drive(job, addresses, server);
    const alive = server.exitCode === null && server.signalCode === null;
    server.stdin.end();
    const last = alive ? await lines.next() : null;
    await ended;
    if (last === null || last.done === true) result.crash = errors || `exit ${server.exitCode}`;
    else result.environmentsPeak = (JSON.parse(last.value) as Fuzzed).environmentsPeak;
    return result;
  } finally {
    server.kill('SIGKILL');
  }
}

async function drive(
  { inputs, seed }: { inputs: number; seed: number },
  addresses: Addresses,
  server: ChildProcess,
): Promise<Fuzzed> {
  const result: Fuzzed = {
    inputs: 0,
    answers: { front: {}, runtime: {}, aws: {} },
    hung: { count: 0, example: null },
    internalFailures: { count: 0, example: null },
    crash: null,
    environmentsPeak: null,
    rssMb: { before: 0, after: 0 },
  };
  await wellAnswered(addresses);
  result.rssMb.before = rssMb(server);
  let runtimeApi = await runtimeAddress(addresses);
  let next = 0;
  async function worker(): Promise<void> {
    while (next < inputs && server.exitCode === null) {
      const number = next;
      next += 1;
      const random = seededRandom(seed * 1_000_003 + number);
      const surface = pick(random, ['front', 'runtime', 'aws'] as const);
      const { port, bytes } = await inputFor(random, surface, addresses, runtimeApi);
      const outcome = await send(random, port, bytes);
      note(result, surface, outcome, bytes);
      // An environment that was told nonsense may have gone, as it should.
      if (outcome.kind === 'refused' && surface === 'runtime') {
        runtimeApi = await runtimeAddress(addresses).catch(() => runtimeApi);
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  result.rssMb.after = rssMb(server);
  if (server.exitCode === null) await wellAnswered(addresses);
  return result;
}

function note(result: Fuzzed, surface: Surface, outcome: Outcome, bytes: Buffer): void {
  result.inputs += 1;
  if (outcome.kind === 'hung') {
    result.hung.count += 1;
    result.hung.example ??= shown(bytes);
    return;
  }
  const status = outcome.kind === 'refused' ? 0 : outcome.status;
  const counts = result.answers[surface];
  counts[status] = (counts[status] ?? 0) + 1;
  if (surface === 'aws' && status === 500) {
    result.internalFailures.count += 1;
    result.internalFailures.example ??= shown(bytes);
  }
}

const shown = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1').slice(0, 2000));

async function inputFor(
  random: Random,
  surface: Surface,
  addresses: Addresses,
  runtimeApi: string,
): Promise<{ port: number; bytes: Buffer }> {
  switch (surface) {
    case 'front': {
      const url = new URL(pick(random, addresses.fronts));
      return { port: Number(url.port), bytes: bent(random, frontRequest(random, url)) };
    }
    case 'runtime': {
      const bytes = bent(random, runtimeRequest(random, runtimeApi));
      return random() < 0.5
        ? { port: Number(runtimeApi.split(':')[1]), bytes }
        : fromWithin(bytes, new URL(addresses.fronts[2]));
    }
    case 'aws': {
      const bytes = await signedRequest(random, addresses);
      const port = Number(new URL(addresses.awsEndpoint).port);
      return { port, bytes: random() < 0.3 ? mutated(random, bytes) : bytes };
    }
  }
}

function bent(random: Random, bytes: Buffer): Buffer {
  if (random() < 0.03) {
    return Buffer.from(Array.from({ length: below(random, 500) }, () => below(random, 256)));
  }
  return random() < 0.6 ? mutated(random, bytes) : bytes;
}

function frontRequest(random: Random, url: URL): Buffer {
  const body = JSON.stringify(
    random() < 0.5
      ? { statusCode: anyJson(random), headers: anyJson(random), body: anyJson(random) }
      : anyJson(random),
  );
  return request(random, url.host, `${url.pathname}?a=1&a=%20b`, body ?? 'null', [
    'Cookie: a=1; b=2',
    'X-Amzn-Trace-Id: Root=1-6553f100-0123456789abcdef01234567;Sampled=1',
    'Accept-Encoding: gzip',
  ]);
}

/** The same bytes, sent by the function itself while it has an invocation. */
function fromWithin(bytes: Buffer, url: URL): { port: number; bytes: Buffer } {
  const head = [
    'POST /own HTTP/1.1',
    `Host: ${url.host}`,
    'Content-Type: application/octet-stream',
    `Content-Length: ${bytes.length}`,
  ].join('\r\n');
  return {
    port: Number(url.port),
    bytes: Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]),
  };
}

/** Never `next`: it would take an invocation away from the runtime, as only the function's own code can. */
function runtimeRequest(random: Random, address: string): Buffer {
  const path = pick(random, [
    'invocation/REQUEST-ID/response',
    'invocation/REQUEST-ID/response',
    'invocation/REQUEST-ID/error',
    'invocation/0c7e8f2e-1111-4222-8333-444455556666/error',
    'init/error',
    'invocation//response',
    'restore/next',
  ]);
  const body = JSON.stringify(anyJson(random)) ?? 'null';
  return request(random, address, `/2018-06-01/runtime/${path}`, body, [
    'Lambda-Runtime-Function-Error-Type: Runtime.Fuzz',
    'Lambda-Runtime-Function-Response-Mode: streaming',
  ]);
}

function request(
  random: Random,
  host: string,
  path: string,
  body: string,
  headers: string[],
): Buffer {
  const content = Buffer.from(body);
  const chunked = random() < 0.2;
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Content-Type: ${pick(random, ['application/json', 'text/plain', 'image/png', 'a/b; c="', ''])}`,
    ...headers.filter(() => random() < 0.7),
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`,
  ].join('\r\n');
  const sent = chunked
    ? Buffer.concat([
        Buffer.from(`${content.length.toString(16)}\r\n`),
        content,
        Buffer.from('\r\n0\r\n\r\n'),
      ])
    : content;
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), sent]);
}

async function runtimeAddress({ fronts }: Addresses): Promise<string> {
  const response = await fetch(new URL('/runtime-api', fronts[2]), { method: 'POST', body: '' });
  const text = await response.text();
  if (!/^127\.0\.0\.1:\d+$/.test(text)) throw new Error(`${response.status} ${text}`);
  return text;
}

/** A proper request through every front is answered properly. */
async function wellAnswered({ fronts }: Addresses): Promise<void> {
  for (const url of fronts) {
    const body = '{"statusCode":201,"body":"fine"}';
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.status !== 201 || text !== 'fine') {
      throw new Error(`${url} answers ${response.status} ${text}`);
    }
  }
}

function rssMb({ pid }: ChildProcess): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return Math.round((pages * 4096) / 1024 / 1024);
}
