import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoBackend } from '../backends/dynamo/dynamo-backend.ts';
import { writePlan } from '../engines/k6/command.ts';
import { loadFactsSchema } from '../model/load-facts.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Plan } from '../model/run.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { askedLoads } from './asked-loads.ts';
import { weighted } from './prepare-cells.ts';

const profile = { kind: 'users', users: 1, overS: 1 } as const;
const PLAN: Plan = {
  traceShare: 1,
  architecture: null,
  ...{ target: 'local', rounds: 1, seed: 1, slo: null, region: 'us-east-1' },
  cells: [512, 1024].map((memoryMb) => ({
    id: `dynamo-${memoryMb}`,
    endpoint: anEndpoint({ memoryMb }),
    profile,
  })),
  operations: [
    { name: 'UserWithTweets', weight: 3 },
    { name: 'TenUsers', weight: 1 },
  ],
  ...{ variants: [], initProbes: 0, gate: null },
};
const BACKENDS = new Map([[dynamoBackend.name, dynamoBackend]]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-asked-loads-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is foretold of a load is what its trial keeps of it', async () => {
  const loads = await askedLoads(PLAN, BACKENDS, 7);
  expect([...loads.keys()]).toEqual(['dynamo-512', 'dynamo-1024']);
  const operations = weighted(await dynamoBackend.feeds('x1'), PLAN);
  const [secret, raw] = ['secret', 'raw'].map((name) => join(folder, name)) as [string, string];
  for (const path of [secret, raw]) mkdirSync(path);
  const sent = {
    url: 'http://127.0.0.1:1/',
    asEvent: false,
    signing: null,
    traceShare: 1,
    headers: {},
    renewUrl: null,
    profile,
  };
  const limits = { seed: 1, requestTimeoutS: 7, maxVus: 10 };
  writePlan({ version: 1, ...sent, ...limits, operations }, secret, raw);
  const kept: unknown = JSON.parse(readFileSync(join(raw, RAW_FILES.loadPlan), 'utf8'));
  expect(loads.get('dynamo-512')).toEqual(loadFactsSchema.parse(kept));
});

test('a backend that is not here is named', async () => {
  await expect(askedLoads(PLAN, new Map(), 7)).rejects.toThrow(/names the backend "dynamo"/);
});
