/**
 * How fast dynalite is seeded, beside its own limit for BatchWriteItem in the same run:
 *   node benchmarks/seeding-dynalite.ts [tweets of x100, 50000 unless told | all] [pairs, 4 unless told]
 * The limit: a bare client of node:http that sends ready bodies of the same items. Several numbers of
 * connections are tried once; then the best of them and seed() in turn, and the ratio is that of pairs,
 * so that what else the machine does hits both. Each measurement has an empty database on disk.
 */
import { Agent, request } from 'node:http';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { median } from 'simple-statistics';
import { type Dataset, dataset } from '../fixtures/dataset/dataset.ts';
import { batches } from '../src/backends/dynamo/items.ts';
import { seed } from '../src/backends/dynamo/seed.ts';
import { TABLES } from '../src/backends/dynamo/tables.ts';
import { processCpuUs } from '../src/base/processes/cpu-time.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { startDynalite } from '../src/databases/dynalite/start.ts';

const CONNECTIONS = [1, 2, 4, 8, 16];
const [, , asked = '50000', pairs = '4'] = process.argv;
const rows = firstTweets(dataset('x100'), asked === 'all' ? Number.POSITIVE_INFINITY : +asked);
const items = rows.users.length + rows.tweetCount;
const supervisor = createSupervisor();

const bodies = [...batches(rows)].map(({ table, puts }) =>
  Buffer.from(JSON.stringify({ RequestItems: { [table]: puts } })),
);
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.BatchWriteItem',
  'x-amz-date': '20260101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
};

/** The data set cut to its first tweets. */
function firstTweets(whole: Dataset, most: number): Dataset {
  const tweetCount = Math.min(most, whole.tweetCount);
  return {
    ...whole,
    tweetCount,
    *tweets() {
      let left = tweetCount;
      for (const tweet of whole.tweets()) {
        if (left === 0) return;
        left -= 1;
        yield tweet;
      }
    },
  };
}

interface Measured {
  itemsPerS: number;
  /** Of dynalite, CPU time per item. */
  cpuUs: number;
}

async function onEmptyDatabase(
  fill: (client: DynamoDBClient, endpoint: string) => Promise<() => Promise<void>>,
): Promise<Measured> {
  const folder = supervisor.ownFolder('bench-seeding');
  const database = await startDynalite({ supervisor, folder });
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const work = await fill(client, database.endpoint);
  const cpuBeforeUs = processCpuUs(database.pid);
  const startedMs = performance.now();
  await work();
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuUs = (processCpuUs(database.pid) - cpuBeforeUs) / items;
  client.destroy();
  await database.stop();
  return { itemsPerS: items / seconds, cpuUs };
}

function ours(): Promise<Measured> {
  const { signal } = new AbortController();
  return onEmptyDatabase(async (client) => () => seed({ client, rows, signal, written() {} }));
}

function bare(connections: number): Promise<Measured> {
  return onEmptyDatabase(async (client, endpoint) => {
    for (const table of TABLES) {
      await client.send(new CreateTableCommand(table));
      const { TableName } = table;
      await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02 }, { TableName });
    }
    const agent = new Agent({ keepAlive: true });
    return async () => {
      const left = bodies.values();
      const sender = async () => {
        for (const body of left) await post(endpoint, agent, body);
      };
      await Promise.all(Array.from({ length: connections }, sender));
      agent.destroy();
    };
  });
}

function post(endpoint: string, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'content-length': body.length };
    const call = request(endpoint, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`dynalite answers ${response.statusCode}`));
      });
    });
    call.once('error', reject);
    call.end(body);
  });
}

function tell(name: string, { itemsPerS, cpuUs }: Measured): void {
  const busy = ((itemsPerS * cpuUs) / 1e4).toFixed(0);
  console.log(
    `${name.padEnd(28)} ${Math.round(itemsPerS)} items/s, ${Math.round(cpuUs)} µs of dynalite's CPU an item (${busy}% of a core)`,
  );
}

console.log(`${items} items`);
let best = { connections: 0, itemsPerS: 0 };
for (const connections of CONNECTIONS) {
  const measured = await bare(connections);
  tell(`bare client, ${connections} connections`, measured);
  const { itemsPerS } = measured;
  if (itemsPerS > best.itemsPerS) best = { connections, itemsPerS };
}
const ratios: number[] = [];
for (let pair = 0; pair < Number(pairs); pair += 1) {
  const limit = await bare(best.connections);
  tell(`bare client, ${best.connections} connections`, limit);
  const own = await ours();
  tell('seed()', own);
  ratios.push(own.itemsPerS / limit.itemsPerS);
}
await supervisor.close();
const said = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
console.log(`seed() at ${median(ratios).toFixed(2)} of dynalite's own limit (pairs: ${said})`);
