/**
 * Does the database's memory grow with its requests, and what does one cost? The seeded dynalite, as
 * the local target starts it, under the calls of the reference API's handlers by a bare client:
 *
 *   node benchmarks/dynalite-memory.ts [minutes, 10] [requests per second, 300; 0: as many as it does]
 *     [connections, 40: an environment has one or two]
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantileSorted } from 'simple-statistics';
import { dataset } from '../fixtures/dataset/dataset.ts';
import { startSeeded } from '../src/backends/dynamo/seeded-database.ts';
import { TWEETS_TABLE, USERS_TABLE } from '../src/backends/dynamo/tables.ts';
import { cacheFolder } from '../src/base/cache.ts';
import { processCpuUs } from '../src/base/processes/cpu-time.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { seededRandom } from '../src/base/random.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';

const [minutes = 10, ratePerS = 300, connections = 40] = process.argv.slice(2).map(Number);
/** Lines of the table. */
const PARTS = Math.max(4, Math.min(20, Math.ceil(minutes * 2)));
const TICK_MS = 10;

const random = seededRandom(1);
const { users } = dataset('x1');
const anyHandle = (): string => users[Math.floor(random() * users.length)]?.handle ?? '';

/** As src/deploy's source asks: a user, their tweets, a page of users. */
const CALLS: readonly { operation: string; body: () => unknown }[] = [
  {
    operation: 'GetItem',
    body: () => ({ TableName: USERS_TABLE, Key: { handle: { S: anyHandle() } } }),
  },
  {
    operation: 'Query',
    body: () => ({
      TableName: TWEETS_TABLE,
      IndexName: 'tweet-index',
      KeyConditionExpression: 'handle = :handle',
      ExpressionAttributeValues: { ':handle': { S: anyHandle() } },
      ScanIndexForward: false,
      Limit: random() < 0.5 ? 1 : 10,
    }),
  },
  {
    operation: 'BatchGetItem',
    body: () => {
      const handles = new Set(Array.from({ length: 10 }, anyHandle));
      const Keys = [...handles].map((S) => ({ handle: { S } }));
      return { RequestItems: { [USERS_TABLE]: { Keys } } };
    },
  },
];

const agent = new Agent({ keepAlive: true, maxSockets: connections });
let sent = 0;
let failed = 0;
let latenciesMs: number[] = [];

function call(endpoint: string): Promise<void> {
  const { operation, body } = CALLS[sent++ % CALLS.length] as (typeof CALLS)[number];
  const payload = JSON.stringify(body());
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const fail = (): void => {
      failed += 1;
      resolve();
    };
    const asking = request(
      endpoint,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': Buffer.byteLength(payload),
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          'x-amz-date': '20260101T000000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
        },
      },
      (response) => {
        response.resume();
        response.once('error', fail);
        response.once('end', () => {
          if (response.statusCode !== 200) return fail();
          latenciesMs.push(performance.now() - startedMs);
          resolve();
        });
      },
    );
    asking.once('error', fail);
    asking.end(payload);
  });
}

async function load(endpoint: string, untilMs: number): Promise<void> {
  const pending = new Set<Promise<void>>();
  const start = (): void => {
    const asked = call(endpoint).finally(() => pending.delete(asked));
    pending.add(asked);
  };
  const startedMs = performance.now();
  let started = 0;
  while (performance.now() < untilMs) {
    if (ratePerS === 0) {
      while (pending.size < connections) start();
      await Promise.race(pending);
      continue;
    }
    const due = ((performance.now() - startedMs) / 1000) * ratePerS;
    for (; started < due; started += 1) start();
    await sleep(TICK_MS);
  }
  await Promise.all(pending);
}

const rssMb = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6;
const cell = (value: number, digits: number, width: number): string =>
  value.toFixed(digits).padStart(width);

const supervisor = createSupervisor();
try {
  const database = await startSeeded({
    supervisor,
    endpoint: anEndpoint(),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder: cacheFolder(process.env),
    progress() {},
    signal: new AbortController().signal,
  });
  const rss: number[] = [rssMb(database.pid)];
  console.log(' minute    RSS MB  requests/s  p50 ms   p99 ms  CPU µs a request  failed');
  console.log(`${cell(0, 2, 7)} ${cell(rss[0] ?? 0, 0, 9)}`);
  const startedMs = performance.now();
  for (let part = 1; part <= PARTS; part += 1) {
    const [sentBefore, cpuBeforeUs, beganMs] = [
      sent,
      processCpuUs(database.pid),
      performance.now(),
    ];
    latenciesMs = [];
    await load(database.endpoint, startedMs + (minutes * 60_000 * part) / PARTS);
    const seconds = (performance.now() - beganMs) / 1000;
    const requests = sent - sentBefore;
    const cpuUs = (processCpuUs(database.pid) - cpuBeforeUs) / requests;
    rss.push(rssMb(database.pid));
    latenciesMs.sort((a, b) => a - b);
    console.log(
      [
        cell((performance.now() - startedMs) / 60_000, 2, 7),
        cell(rss.at(-1) ?? 0, 0, 9),
        cell(requests / seconds, 0, 11),
        cell(quantileSorted(latenciesMs, 0.5), 2, 7),
        cell(quantileSorted(latenciesMs, 0.99), 2, 8),
        cell(cpuUs, 0, 17),
        cell(failed, 0, 7),
      ].join(' '),
    );
  }
  const half = rss.length >> 1;
  const grownMb = (rss.at(-1) ?? 0) - (rss[half] ?? 0);
  console.log(`RSS over the second half: ${grownMb >= 0 ? '+' : ''}${grownMb.toFixed(1)} MB`);
} finally {
  await supervisor.close();
  agent.destroy();
}
