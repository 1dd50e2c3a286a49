/**
 * What signing each request (SigV4) costs the load generator: requests a second of a closed model without
 * think time on a bare HTTP server on this machine, signed and not, in turns; and k6's own CPU time per
 * request, which the server on the same cores does not touch.
 *
 *   node benchmarks/signing.ts [seconds] [pairs]
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cacheFolder } from '../src/base/cache.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { findK6 } from '../src/engines/k6/find-k6.ts';
import { createK6Engine } from '../src/engines/k6/k6-engine.ts';
import type { AwsCredentials, LoadPlan } from '../src/model/scenario.ts';
import { median } from '../src/stats/quantile.ts';

const seconds = Number(process.argv[2] ?? 3);
const pairs = Number(process.argv[3] ?? 5);
const WANTED = 0.6;

const data = {
  user: {
    id: '1',
    name: 'Ada',
    tweets: Array.from({ length: 10 }, (_, id) => ({ id, text: 'x'.repeat(60) })),
  },
};
const answer = JSON.stringify({ data });
const digest = createHash('sha256').update(JSON.stringify(data)).digest('hex');

const KEYS = {
  accessKeyId: 'AKIDEXAMPLE000000000',
  secretAccessKey: 'x'.repeat(40),
  expiresAtMs: null,
};
/** A session token of AWS has some 1,000 characters. */
const WAYS: Record<string, AwsCredentials | null> = {
  unsigned: null,
  signed: { ...KEYS, sessionToken: null },
  'with session token': { ...KEYS, sessionToken: 'token+/='.repeat(125) },
};

interface Measured {
  perS: number;
  /** k6's CPU time per request. */
  cpuUs: number;
}

const supervisor = createSupervisor();
const signal = new AbortController().signal;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': answer.length,
    });
    response.end(answer);
  });
});

try {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bench/f/graphql`;
  const { env } = process;
  const found = { supervisor, signal, env, cacheFolder: cacheFolder(env), progress: () => {} };
  const engine = createK6Engine(await findK6(found));

  const drive = async (credentials: AwsCredentials | null, holdS: number): Promise<Measured> => {
    const rawFolder = join(supervisor.ownFolder('bench-signing'), 'raw');
    mkdirSync(rawFolder);
    const plan: LoadPlan = {
      version: 1,
      url,
      asEvent: false,
      signing: credentials === null ? null : { service: 'execute-api', region: 'eu-west-1' },
      traceShare: 1,
      headers: {},
      renewUrl: null,
      profile: { kind: 'closed', vus: 4, thinkTimeS: 0, warmUpS: 0, rampS: 0, holdS },
      seed: 1,
      requestTimeoutS: 10,
      maxVus: 10,
      operations: [
        {
          name: 'User',
          query: 'query User($id: ID!) { user(id: $id) { id name tweets(first: 10) { id text } } }',
          weight: 1,
          rows: Array.from({ length: 500 }, (_, id) => ({ variables: { id: String(id) }, digest })),
        },
      ],
    };
    const job = { plan, credentials, rawFolder, supervisor, signal, progress: () => {} };
    const { facts } = await engine.run(job);
    return { perS: facts.iterations / holdS, cpuUs: facts.cpuUs / facts.iterations };
  };

  const measured = new Map<string, Measured[]>(Object.keys(WAYS).map((way) => [way, []]));
  await drive(null, 1);
  for (let pair = 0; pair < pairs; pair += 1) {
    const ways = Object.entries(WAYS);
    // In turns, and in the other order each time: what drifts meets both.
    for (const [way, keys] of pair % 2 === 0 ? ways : ways.reverse()) {
      measured.get(way)?.push(await drive(keys, seconds));
    }
  }

  const unsigned = measured.get('unsigned') ?? [];
  const middle = (values: readonly number[]) => median(values) ?? Number.NaN;
  console.log('                     requests/s  k6 CPU us/request  over unsigned, median (range)');
  for (const [way, runs] of measured) {
    const perS = middle(runs.map((run) => run.perS)).toFixed(0);
    const cpuUs = middle(runs.map((run) => run.cpuUs)).toFixed(0);
    const over = (of: (run: Measured, plain: Measured) => number) => {
      const ratios = runs.map((run, pair) => of(run, unsigned[pair] as Measured));
      const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
      const text = `${middle(ratios).toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
      return { median: middle(ratios), text };
    };
    const rate = over((run, plain) => run.perS / plain.perS);
    const cpu = over((run, plain) => plain.cpuUs / run.cpuUs);
    const ratios =
      way === 'unsigned' ? '' : `  rate ${rate.text}, requests per CPU second ${cpu.text}`;
    console.log(`${way.padEnd(20)} ${perS.padStart(10)} ${cpuUs.padStart(18)}${ratios}`);
    if (rate.median < WANTED) process.exitCode = 1;
  }
  console.log(`wanted: a rate of at least ${WANTED}, ${pairs} pairs of ${seconds} s`);
} finally {
  server.closeAllConnections();
  server.close();
  await supervisor.close();
}
