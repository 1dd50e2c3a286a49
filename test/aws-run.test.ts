import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeploymentSpec, FunctionSpec } from '../deploy/stacks/spec.ts';
import { dynamoBackend } from '../src/backends/dynamo/dynamo-backend.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { cloudwatchCollector } from '../src/collectors/cloudwatch/index.ts';
import { logsCollector } from '../src/collectors/logs/index.ts';
import { xrayCollector } from '../src/collectors/xray/index.ts';
import { type Emulator, startEmulator } from '../src/emulator/emulator.ts';
import { createK6Engine } from '../src/engines/k6/k6-engine.ts';
import { BUILD_TIMEOUT_MS, k6ForTests } from '../src/engines/k6/testing/engine-bench.ts';
import type { DeployedFront, Deployment } from '../src/model/deployment.ts';
import type { AwsAccess, Backend, BackendInstance } from '../src/model/ports.ts';
import type { RemoteBackend } from '../src/model/remote-backend.ts';
import type { Cell, Plan } from '../src/model/run.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';
import { executeRun } from '../src/pipeline/execute-run.ts';
import { runFolder } from '../src/store/run-store.ts';
import { createAwsTarget } from '../src/targets/aws/aws-target.ts';
import type { Deployments } from '../src/targets/aws/deployments.ts';
import { keptTexts, rows } from './kept.ts';

/**
 * The target `aws` from deploying to removing, under real load: only what CloudFormation makes is had
 * from the emulator, whose Lambda, X-Ray, Logs and CloudWatch answer AWS's own protocols.
 */
const supervisor = createSupervisor();
const { signal } = new AbortController();
const RUN = '20261121-093000-x7f2';
let cwd: string;
let emulator: Emulator;
let database: BackendInstance;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-aws-'));
  emulator = await startEmulator({ supervisor });
  database = await dynamoBackend.start({
    supervisor,
    endpoint: anEndpoint(),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder: join(cwd, 'cache'),
    progress() {},
    signal,
  });
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await database?.stop();
  await emulator?.close();
  await supervisor.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** What a stack makes of a function and its fronts. */
async function made(spec: FunctionSpec) {
  const [file = '', exportName = ''] = spec.handler.split('.');
  const { logGroup } = await emulator.functions.create({
    name: spec.name,
    runtime: 'nodejs24.x',
    codeFolder: spec.codeFolder,
    handler: { file: `${file}.cjs`, exportName },
    memoryMb: spec.memoryMb,
    timeoutS: spec.timeoutS,
    environment: database.environment(anEndpoint()),
  });
  const fronts: Partial<Record<string, DeployedFront>> = {};
  for (const front of spec.fronts) {
    if (front === 'invoke') {
      fronts[front] = { url: emulator.invokeUrl(spec.name), dimensions: null };
      continue;
    }
    const { url, frontDimensions } = await emulator.addFront(front, spec.name);
    const asked = front === 'function-url' ? new URL('/graphql', url).href : url;
    fronts[front] = { url: asked, dimensions: frontDimensions };
  }
  const { key, name, memoryMb, timeoutS, codeSha256 } = spec;
  return { key, name, qualifier: null, logGroup, memoryMb, timeoutS, codeSha256, fronts };
}

function recorded() {
  const said: string[] = [];
  const deployments: Deployments = {
    list: async () => [],
    deploy: async (spec: DeploymentSpec): Promise<Deployment> => {
      said.push(`deploy ${spec.stacks.map(({ name }) => name).join(' ')}`);
      const functions = spec.stacks.flatMap((stack) => stack.functions);
      return {
        run: spec.run,
        region: spec.region,
        createdAt: spec.createdAt,
        expiresAt: spec.expiresAt,
        kept: spec.kept,
        stacks: spec.stacks.map(({ name }) => ({ name, status: 'CREATE_COMPLETE' })),
        functions: await Promise.all(functions.map(made)),
      };
    },
    destroy: async (run) => {
      said.push(`destroy ${run}`);
      return [];
    },
  };
  return { said, deployments };
}

const seeded: string[] = [];
const dynamo: RemoteBackend = {
  dataset: ({ dataset }) => ({ name: dataset, indexed: false }),
  environment: () => ({}),
  seeder: async () => null,
  seed: async ({ asked }) => {
    seeded.push(...asked.map(({ dataset }) => dataset.name));
  },
};

test('deployed, measured behind two fronts, half of it traced, removed', async () => {
  const { said, deployments } = recorded();
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  const access: AwsAccess = { region, endpoint, credentials };
  const target = createAwsTarget({
    access,
    signal,
    progress: () => {},
    settings: {
      run: RUN,
      account: '123456789012',
      architecture: 'arm64',
      createdAt: new Date(),
      expiresS: 3600,
    },
    keep: false,
    neededS: 60,
    deployments,
    backends: { dynamo, postgres: dynamo },
    seederFolder: () => supervisor.ownFolder('bench-seeder'),
  });
  const cells = (['invoke', 'rest-api'] as const).map(
    (front): Cell => ({
      id: `dynamo-1024-${front}-graphql-js-x1-ramp`,
      endpoint: anEndpoint({ front, server: 'graphql-js' }),
      profile: { kind: 'ramp', ratePerS: 20, warmUpS: 1, rampS: 1, holdS: 3 },
    }),
  );
  const plan: Plan = {
    target: 'aws',
    cells,
    rounds: 1,
    seed: 7,
    operations: [{ name: 'UserWithTweets', weight: 1 }],
    traceShare: 0.5,
    architecture: 'arm64',
    slo: null,
    region,
    variants: [],
    initProbes: 0,
    gate: null,
  };
  const here = { environment: () => ({}), cpuUs: () => 0, stop: async () => {} };
  const backend: Backend = { ...dynamoBackend, start: async () => here };
  const folder = runFolder(join(cwd, 'results'), RUN);
  const warned: string[] = [];
  const { run, analysis, failure } = await executeRun({
    plan,
    folder,
    createdAt: new Date(),
    tools: {
      supervisor,
      target,
      engine: createK6Engine(await k6ForTests(supervisor)),
      backends: new Map([['dynamo', backend]]),
      collectors: [xrayCollector, logsCollector, cloudwatchCollector],
      fingerprint: {
        ...{ os: 'linux', arch: 'x64', cpuModel: '', cores: 2, memoryMb: 4096 },
        ...{ cpuMode: 'aws', node: '24', k6: '2', k6Origin: '', tool: '0' },
      },
    },
    settings: {
      keepRaw: false,
      requestTimeoutS: 10,
      maxVus: 50,
      headers: {},
      backendOptions: { postgresUrl: null, postgresConnections: null },
      cacheFolder: cwd,
      baseCode: null,
      guard: null,
      collectDeadlineMs: 30_000,
    },
    warnings: [],
    sink: (event) => {
      if (event.kind === 'warning') warned.push(event.warning.message);
    },
    signal,
  });
  await target.close();
  expect(failure).toBeNull();
  // One function serves both fronts.
  expect(said).toEqual([`deploy bench-${RUN}-dynamo`, `destroy ${RUN}`]);
  expect(seeded).toEqual(['x1']);
  expect(run.telemetry.map(({ front, traced }) => [front, traced])).toEqual([
    ['invoke', true],
    ['rest-api', true],
  ]);
  for (const trial of folder.trials()) {
    const { merge, collections } = trial.read() ?? {};
    expect(merge?.withReport).toBe(merge?.requests);
    const traced = collections?.find(({ collector }) => collector === 'xray');
    expect(traced).toMatchObject({ ended: 'complete', found: traced?.expected });
    const sampled = (traced?.found ?? 0) / (merge?.requests ?? 1);
    expect(sampled).toBeGreaterThan(0.3);
    expect(sampled).toBeLessThan(0.7);
    const invocations = join(trial.path, 'invocations.parquet');
    const cold = await rows(`select * from '${invocations}' where cold`);
    expect(cold.length).toBeGreaterThan(0);
  }
  // A share of the traces is no lack of them.
  expect(warned.filter((text) => /trace/.test(text))).toEqual([]);
  const joins = analysis?.cells.flatMap(({ validity }) =>
    validity.checks.filter(({ name }) => /trace|report|join/.test(name)),
  );
  expect(joins?.length).toBeGreaterThan(0);
  for (const { name, state } of joins ?? []) expect([name, state]).toEqual([name, 'sound']);
  const secret = emulator.credentials.secretAccessKey;
  expect((await keptTexts(folder.path)).filter(({ text }) => text.includes(secret))).toEqual([]);
}, 60_000);
