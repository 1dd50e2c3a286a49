import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { packageRoot } from '../src/base/package-root.ts';
import { BUILD_TIMEOUT_MS } from '../src/engines/k6/testing/engine-bench.ts';
import { runSchema } from '../src/model/run.ts';
import { trialSchema } from '../src/model/trial.ts';
import { alive, type Bench, type Ended, runBench, startBench } from './bench.ts';
import { keptTexts, rows } from './kept.ts';
import { readySchema } from './local-ready.ts';

/**
 * Endpoints that somebody else deployed: `bench local` in a process of its own stands for AWS, found
 * by AWS's own variables as any stand-in is.
 */
const OWN = join(packageRoot(), 'fixtures/handlers/own');
const TOKEN = 'token-that-nobody-stores';

let cwd: string;
let deployed: Bench;
let ready: z.infer<typeof readySchema>;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-url-'));
  const handler = join(OWN, 'graphql.ts');
  deployed = startBench(
    ['local', '--handler', handler, '--front', 'function-url', '--memory', '1536', '--json'],
    cwd,
  );
  ready = readySchema.parse(JSON.parse(await deployed.said(/^\{.*\}$/m)));
  env = {
    ...process.env,
    AWS_ENDPOINT_URL: ready.awsEndpoint,
    AWS_REGION: ready.region,
    AWS_ACCESS_KEY_ID: ready.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ready.secretAccessKey,
    SHOP_TOKEN: TOKEN,
  };
});
afterAll(async () => {
  if (deployed !== undefined && alive(deployed.pid)) {
    process.kill(deployed.pid, 'SIGINT');
    await deployed.ended;
  }
  rmSync(cwd, { recursive: true, force: true });
});

function configure(endpoints: object, more: object = {}): void {
  const config = {
    target: 'url',
    operations: join(OWN, 'operations'),
    variables: join(OWN, 'variables'),
    scenario: { kind: 'ramp', rate: 20, warmUp: '0s', ramp: '0s', hold: '2s' },
    endpoints,
    ...more,
  };
  writeFileSync(join(cwd, 'bench.config.json'), JSON.stringify(config));
}

const run = (...args: string[]) => runBench(['run', '--yes', ...args], cwd, env);

describe('a run against what is deployed', () => {
  let ended: Ended;
  let folder: string;
  beforeAll(async () => {
    const headers = { authorization: `Bearer \${SHOP_TOKEN}` };
    const { frontUrl: url, functionName } = ready;
    configure({
      known: { url, function: functionName, front: 'function-url', headers },
      signed: { function: functionName, front: 'invoke' },
      outside: { url },
    });
    ended = await run();
    const [runId = ''] = readdirSync(join(cwd, 'results'));
    folder = join(cwd, 'results', runId);
  }, BUILD_TIMEOUT_MS);

  const trialOf = (cell: string) =>
    trialSchema.parse(
      JSON.parse(readFileSync(join(folder, 'trials', cell, '1', 'trial.json'), 'utf8')),
    );

  test('ends well, with cells named by endpoint, memory and front', () => {
    expect(ended).toMatchObject({ code: 0 });
    const { plan, bundles, status } = runSchema.parse(
      JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')),
    );
    expect(status).toBe('finished');
    expect(bundles).toEqual([]);
    expect(plan.cells.map(({ id }) => id)).toEqual([
      'known-1536-function-url-operations-ramp',
      'signed-1536-invoke-operations-ramp',
      'outside-other-operations-ramp',
    ]);
  });

  test.each(['known-1536-function-url-operations-ramp', 'signed-1536-invoke-operations-ramp'])(
    '%s has every request joined to its trace and its REPORT line',
    async (cell) => {
      const { merge } = trialOf(cell);
      expect(merge?.reached).toBeGreaterThan(30);
      expect(merge).toMatchObject({ withTrace: merge?.reached, withReport: merge?.reached });
      const [explained] = await rows<{ n: string }>(
        `SELECT count(*) AS n FROM '${join(folder, 'trials', cell, '1', 'breakdown.parquet')}'
         WHERE source = 'trace' AND front_us IS NOT NULL AND handler_us > 0`,
      );
      expect(Number(explained?.n)).toBe(merge?.reached);
    },
  );

  test('one without a function has its clients’ figures only, and that is said', async () => {
    const { merge, collections, host } = trialOf('outside-other-operations-ramp');
    expect(merge).toMatchObject({ withTrace: 0, withReport: 0, invocations: 0 });
    expect(merge?.requests).toBeGreaterThan(30);
    expect(host).toBe(null);
    for (const { ended: how } of collections) expect(how).toBe('unavailable');
    expect(ended.stdout + ended.stderr).toContain('only what clients see is measured');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
      'only what clients see is measured',
    );
  });

  test('neither keys nor headers are kept', async () => {
    const secrets = [TOKEN, ready.secretAccessKey];
    const leaked = (await keptTexts(folder)).filter(({ text }) =>
      secrets.some((secret) => text.includes(secret)),
    );
    expect(leaked.map(({ path }) => path)).toEqual([]);
    expect(secrets.some((secret) => (ended.stdout + ended.stderr).includes(secret))).toBe(false);
  });
});

describe('before any request', () => {
  test.each<[string, object, RegExp]>([
    [
      'a host that may be anybody’s',
      { shop: { url: 'https://api.example.com/graphql' } },
      /endpoints\.shop: a load on api\.example\.com .* say so with --i-own-this$/m,
    ],
    [
      'a port nobody listens at',
      { shop: { url: 'http://127.0.0.1:1/graphql' } },
      /endpoints\.shop: 127\.0\.0\.1 cannot be reached: nothing listens there \(ECONNREFUSED\)$/m,
    ],
  ])('%s is refused with one message', async (_, endpoints, message) => {
    configure(endpoints);
    const { code, stderr } = await run();
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
