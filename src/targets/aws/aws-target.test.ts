import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionConcurrencyCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DeploymentSpec } from '../../../deploy/stacks/spec.ts';
import { lambdaClient } from '../../aws/clients.ts';
import { InterruptedError, ToolError } from '../../base/errors.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import type { DeployedFunction, Deployment, Leftover } from '../../model/deployment.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { createAwsTarget } from './aws-target.ts';
import type { KeeperOptions } from './deployment-keeper.ts';
import {
  aDeployment,
  anArtifact,
  aPreparedCell,
  RUN,
  recordingBackends,
} from './testing/prepared.ts';

/** Counts the invocations of its environment. */
const HANDLER = `
let calls = 0;
exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ data: { calls: ++calls } }) });
`;

const supervisor = createSupervisor();
let emulator: Emulator;
let access: AwsAccess;
let codeFolder: string;

beforeAll(async () => {
  emulator = await startEmulator({ supervisor });
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  access = { region, endpoint, credentials };
  codeFolder = join(supervisor.ownFolder('bench-code'), 'code');
  mkdirSync(codeFolder);
  writeFileSync(join(codeFolder, 'index.cjs'), HANDLER);
});
afterAll(async () => {
  await emulator.close();
  await supervisor.close();
});

const said: string[] = [];
const seeded: string[] = [];
const destroyed: string[] = [];
/** What stands, and what is left when it is destroyed. */
let standing: Deployment[];
let left: Leftover[];
let run: string;
let count = 0;
beforeEach(() => {
  for (const list of [said, seeded, destroyed]) list.length = 0;
  standing = [];
  left = [];
  count += 1;
  run = `${RUN.slice(0, -1)}${count}`;
});

/** Makes the functions in the emulator, as a stack would in Lambda. */
async function deployed(spec: DeploymentSpec): Promise<Deployment> {
  const functions: DeployedFunction[] = [];
  for (const of of spec.stacks.flatMap((stack) => stack.functions)) {
    const { logGroup } = await emulator.functions.create({
      name: of.name,
      runtime: 'nodejs24.x',
      codeFolder: of.codeFolder,
      handler: { file: 'index.cjs', exportName: 'handler' },
      memoryMb: of.memoryMb,
      timeoutS: of.timeoutS,
      environment: of.environment,
    });
    const { key, name, memoryMb, timeoutS, codeSha256 } = of;
    functions.push({
      ...{ key, name, memoryMb, timeoutS, codeSha256, logGroup, qualifier: null },
      fronts: {
        'rest-api': {
          url: `https://a.execute-api.us-east-1.amazonaws.com/bench/${key}/graphql`,
          dimensions: { ApiName: 'a', Stage: 'bench' },
        },
        'function-url': { url: 'https://u.lambda-url.us-east-1.on.aws/', dimensions: null },
      },
    });
  }
  return aDeployment({ run: spec.run, functions });
}

function targetOf(own: Partial<KeeperOptions> = {}) {
  return createAwsTarget({
    access,
    signal: new AbortController().signal,
    progress: (text) => said.push(text),
    settings: {
      run,
      account: '000000000000',
      architecture: 'arm64',
      createdAt: new Date('2026-11-20T19:15:00Z'),
      expiresS: 3600,
    },
    keep: false,
    neededS: 600,
    deployments: {
      list: async () => standing,
      deploy: deployed,
      destroy: async (id) => {
        destroyed.push(id);
        return left;
      },
    },
    backends: recordingBackends(seeded),
    seederFolder: () => supervisor.ownFolder('bench-seeder'),
    ...own,
  });
}

const cellOf = (own: Parameters<typeof aPreparedCell>[0] = {}) =>
  aPreparedCell(own, { kind: 'users', users: 1, overS: 1 }, anArtifact(codeFolder));

/** A prepared cell, provisioned; what the pipeline gets of it. */
async function provisioned(target: ReturnType<typeof targetOf>, one = cellOf()) {
  return { ...(await target.provision(one.cell, one.artifact, one.backend)), headers: { A: 'b' } };
}

async function callsOf(functionName: string | null): Promise<number> {
  const client = await lambdaClient(access, 1);
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName ?? '', Payload: '{}' }),
  );
  client.destroy();
  return JSON.parse(JSON.parse(Buffer.from(Payload ?? []).toString()).body).data.calls;
}

test('deploys, seeds, tells where each front answers, and removes it in the end', async () => {
  const target = targetOf();
  const cells = [cellOf(), cellOf({ front: 'invoke' }), cellOf({ front: 'function-url' })];
  await target.prepare(cells);
  expect(seeded).toEqual(['x1 by dynamo-1024-apollo-x1', run]);
  const name = `bench-${run}-0-dynamo-1024-apollo-x1`;
  const [rest, invoke, url] = await Promise.all(cells.map((one) => provisioned(target, one)));
  expect(rest).toMatchObject({
    url: 'https://a.execute-api.us-east-1.amazonaws.com/bench/dynamo-1024-apollo-x1/graphql',
    asEvent: false,
    signing: { service: 'execute-api', region: 'us-east-1' },
    front: 'rest-api',
    memoryMb: 1024,
    functionName: name,
    qualifier: null,
    logGroup: `/aws/lambda/${name}`,
    frontDimensions: { ApiName: 'a', Stage: 'bench' },
    traced: true,
    aws: access,
  });
  expect(invoke).toMatchObject({
    url: `${access.endpoint}/2015-03-31/functions/${name}/invocations`,
    asEvent: true,
    signing: { service: 'lambda', region: 'us-east-1' },
    frontDimensions: null,
  });
  expect(url).toMatchObject({
    url: 'https://u.lambda-url.us-east-1.on.aws/graphql',
    asEvent: false,
    signing: { service: 'lambda', region: 'us-east-1' },
  });
  await target.close();
  expect(destroyed).toEqual([run]);
  expect(said).toEqual([
    'looking for a deployment in us-east-1',
    `deploying ${run} to us-east-1`,
    `removing ${run} from us-east-1`,
  ]);
  await target.close();
  expect(destroyed).toEqual([run]);
});

test('a trial begins without environments; what was reserved for it goes with it', async () => {
  const target = targetOf({ keep: true });
  const one = cellOf({ reservedConcurrency: 3 });
  await target.prepare([one]);
  const endpoint = await provisioned(target, one);
  const { functionName } = endpoint;
  expect(await callsOf(functionName)).toBe(1);
  expect(await callsOf(functionName)).toBe(2);
  const client = await lambdaClient(access, 1);
  const reserved = async () => {
    const asked = new GetFunctionConcurrencyCommand({ FunctionName: functionName ?? '' });
    return (await client.send(asked)).ReservedConcurrentExecutions;
  };
  await target.beginTrial(endpoint);
  expect(await callsOf(functionName)).toBe(1);
  expect(await reserved()).toBe(3);
  await target.renewEnvironments(endpoint, new AbortController().signal);
  expect(await callsOf(functionName)).toBe(1);
  expect(await target.endTrial(endpoint)).toBeNull();
  expect(await reserved()).toBeUndefined();
  // A trial that fails is never ended: what was put for it goes all the same, also from what is kept.
  await target.beginTrial(endpoint);
  expect(await reserved()).toBe(3);
  await target.close();
  expect(await reserved()).toBeUndefined();
  client.destroy();
  expect(destroyed).toEqual([]);
});

test('what a trial left is of no account once its function is gone; else it is told', async () => {
  for (const [keep, outcome] of [
    [false, undefined],
    [true, /^cannot take back the concurrency of bench-.*: AWS does not know these credentials/],
  ] as const) {
    const aws = { ...access };
    const target = targetOf({ keep, access: aws });
    const one = cellOf({ reservedConcurrency: 3, memoryMb: keep ? 512 : 1024 });
    await target.prepare([one]);
    await target.beginTrial(await provisioned(target, one));
    aws.credentials = { accessKeyId: 'other', secretAccessKey: 'other' };
    const closed = target.close();
    if (outcome === undefined) await closed;
    else await expect(closed).rejects.toThrow(outcome);
  }
  expect(destroyed).toEqual([run]);
});

test('initialisations are read from REPORT lines, few of them between two trials', async () => {
  const target = targetOf();
  await target.prepare([cellOf()]);
  const endpoint = await provisioned(target);
  const samples = await target.measureInits(endpoint, 5);
  expect(samples).toHaveLength(3);
  for (const { initMs, loadMs } of samples) {
    expect(initMs).toBeGreaterThan(5);
    expect(loadMs).toBeNull();
  }
  expect(said.at(-1)).toBe('measuring 3 initialisations: on AWS each takes some seconds');
  expect(await target.measureInits(endpoint, 1)).toEqual([]);
  await target.endTrial(endpoint);
  expect(await target.measureInits(endpoint, 1)).toHaveLength(1);
  expect(await target.measureInitRate(endpoint)).toBeNull();
});

test('a deployment that fits is used, and stays', async () => {
  const before = targetOf({ keep: true });
  await before.prepare([cellOf()]);
  const kept = before.deployment();
  await before.close();
  expect(destroyed).toEqual([]);
  expect(said.at(-1)).toBe(`kept: remove it with bench destroy --run ${run} --region us-east-1`);

  const older = { ...kept, run: 'older', createdAt: '2026-11-19T19:15:00.000Z' };
  const others: Deployment[] = [
    { ...kept, run: 'elsewhere', region: 'eu-west-1' },
    { ...kept, run: 'going', stacks: [{ name: 's', status: 'DELETE_IN_PROGRESS' }] },
    { ...kept, run: 'late', expiresAt: new Date(Date.now() + 599_000).toISOString() },
    { ...kept, run: 'code', functions: kept.functions.map((f) => ({ ...f, codeSha256: 'cd' })) },
    { ...kept, run: 'fronts', functions: kept.functions.map((f) => ({ ...f, fronts: {} })) },
  ];
  for (const [standsThere, used] of [
    [[older, kept, ...others], run],
    [others, `${RUN}-new`],
  ] as const) {
    standing = [...standsThere];
    const target = targetOf({
      settings: {
        run: `${RUN}-new`,
        account: '000000000000',
        architecture: 'arm64',
        createdAt: new Date(),
        expiresS: 3600,
      },
    });
    await target.prepare([cellOf()]);
    expect(target.deployment().run).toBe(used);
    await target.close();
  }
  expect(destroyed).toEqual([`${RUN}-new`]);
});

test('what a killed run left on a function is taken back before the first trial', async () => {
  const killed = targetOf({ keep: true });
  const one = cellOf({ reservedConcurrency: 3 });
  await killed.prepare([one]);
  await killed.beginTrial(await provisioned(killed, one));
  standing = [killed.deployment()];
  const target = targetOf();
  await target.prepare([cellOf()]);
  const endpoint = await provisioned(target);
  const client = await lambdaClient(access, 1);
  const reserved = async () => {
    const asked = new GetFunctionConcurrencyCommand({ FunctionName: endpoint.functionName ?? '' });
    return (await client.send(asked)).ReservedConcurrentExecutions;
  };
  expect(await reserved()).toBe(3);
  await target.endTrial(endpoint);
  expect(await reserved()).toBeUndefined();
  await target.close();
  client.destroy();
});

test('what cannot be removed is listed with its commands, in full', async () => {
  left = [
    { type: 'AWS::S3::Bucket', id: 'b', reason: 'not empty', command: 'aws s3 rb s3://b --force' },
    { type: 'AWS::Logs::LogGroup', id: '/l', reason: null, command: 'aws logs delete-log-group …' },
  ];
  const target = targetOf();
  await target.prepare([cellOf()]);
  await expect(target.close()).rejects.toThrow(
    new ToolError(
      `2 resources of ${run} could not be removed:\nAWS::S3::Bucket b\n  not empty\n  aws s3 rb s3://b --force\nAWS::Logs::LogGroup /l\n  aws logs delete-log-group …`,
    ),
  );
});

test('after Ctrl-C in the middle of a deployment what there is of it goes, kept or not', async () => {
  const stop = new AbortController();
  let aborted: boolean | null = null;
  const target = targetOf({
    keep: true,
    signal: stop.signal,
    deployments: {
      list: async () => [],
      async deploy() {
        stop.abort(new InterruptedError('SIGINT'));
        throw stop.signal.reason;
      },
      async destroy(id, { signal }) {
        aborted = signal.aborted;
        destroyed.push(id);
        throw new Error('the token has expired');
      },
    },
  });
  await expect(target.prepare([cellOf()])).rejects.toThrow(InterruptedError);
  await expect(target.close()).rejects.toThrow(
    new ToolError(
      `what ${run} deployed to us-east-1 was not removed: the token has expired\nremove it with: bench destroy --run ${run} --region us-east-1`,
    ),
  );
  expect(aborted).toBe(false);
  expect(destroyed).toEqual([run]);
});

test('a run that deployed nothing removes nothing', async () => {
  const target = targetOf({
    deployments: {
      list: () => Promise.reject(new ToolError('throttled')),
      deploy: deployed,
      destroy: () => Promise.reject(new Error('asked to')),
    },
  });
  await expect(target.prepare([cellOf()])).rejects.toThrow('throttled');
  await target.close();
});
