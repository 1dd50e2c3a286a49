import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { createSupervisor, type Supervisor } from '../../base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../emulator.ts';

/** Over real environments: states change with time, which is long on a busy machine. */
const WITHIN = { timeout: 10_000 };
let supervisor: Supervisor;
let emulator: Emulator;
let lambda: LambdaClient;

beforeAll(async () => {
  supervisor = createSupervisor();
  emulator = await startEmulator({ supervisor, hostSettings: { maxEnvironments: 4 } });
  for (const [name, file] of [
    ['f', 'probe.mjs'],
    ['broken', 'throws.mjs'],
    ['watched', 'probe.mjs'],
  ] as const) {
    await emulator.functions.create({
      name,
      runtime: 'nodejs24.x',
      codeFolder: join(packageRoot(), 'fixtures/handlers/hosted'),
      handler: { file, exportName: 'handler' },
      memoryMb: 1769,
      timeoutS: 5,
      environment: {},
    });
    const { version } = await emulator.functions.publishVersion(name);
    const live = { name: 'live', functionVersion: version, description: '', routing: null };
    emulator.functions.createAlias(name, live);
  }
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  lambda = new LambdaClient({ region, endpoint, credentials, maxAttempts: 1 });
});
beforeEach(async () => {
  await emulator.functions.provisionConcurrency('f', 0, 'live');
  emulator.functions.reserveConcurrency('f', null);
  await emulator.functions.endEnvironments('f');
});
afterAll(async () => {
  await emulator.close();
  await supervisor.close();
});

const named = { FunctionName: 'f' };
const qualified = { FunctionName: 'f', Qualifier: 'live' };
const invoke = (event: unknown = {}, FunctionName = 'f') =>
  lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }));
const put = (count: number, which: { FunctionName: string; Qualifier: string } = qualified) =>
  lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      ...which,
      ProvisionedConcurrentExecutions: count,
    }),
  );
const get = (which = qualified) => lambda.send(new GetProvisionedConcurrencyConfigCommand(which));

test('reserved concurrency is put, read, in force, and deleted', async () => {
  const reserve = (count: number) =>
    lambda.send(
      new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions: count }),
    );
  const read = () => lambda.send(new GetFunctionConcurrencyCommand(named));
  expect((await read()).ReservedConcurrentExecutions).toBeUndefined();
  expect((await lambda.send(new GetFunctionCommand(named))).Concurrency).toBeUndefined();
  expect(await reserve(0)).toMatchObject({ ReservedConcurrentExecutions: 0 });
  expect((await read()).ReservedConcurrentExecutions).toBe(0);
  const { Concurrency } = await lambda.send(new GetFunctionCommand(named));
  expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 0 });
  await expect(invoke()).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  await expect(reserve(901)).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('below its minimum value of [100]'),
  });
  await expect(reserve(-1)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  await lambda.send(new DeleteFunctionConcurrencyCommand(named));
  expect((await invoke()).StatusCode).toBe(200);
});

test('provisioned concurrency is put, becomes ready, serves, and is deleted', async () => {
  await expect(get()).rejects.toMatchObject({
    name: 'ProvisionedConcurrencyConfigNotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
  const answer = await put(2);
  expect(answer).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    $metadata: { httpStatusCode: 202 },
  });
  expect(answer.LastModified).toMatch(/^\d{4}-\d\d-\d\dT.*\+0000$/);
  await vi.waitFor(async () => expect((await get()).Status).toBe('READY'), WITHIN);
  expect(await get()).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 2,
    AvailableProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 2,
  });
  const { Payload, ExecutedVersion } = await invoke({ action: 'environment' }, 'f:live');
  expect(ExecutedVersion).toBe('1');
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({
    AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency',
  });
  await lambda.send(new DeleteProvisionedConcurrencyConfigCommand(qualified));
  await expect(get()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  await lambda.send(new DeleteProvisionedConcurrencyConfigCommand(qualified));
});

test('what Lambda refuses of provisioned concurrency is refused in its words', async () => {
  const latest = { ...named, Qualifier: '$LATEST' };
  await expect(put(1, latest)).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  });
  await expect(get(latest)).rejects.toThrow('must be an alias or a published version');
  await expect(get({ ...named, Qualifier: '' })).rejects.toThrow("at 'qualifier'");
  await expect(put(0)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  await expect(put(1, { FunctionName: 'no', Qualifier: 'live' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  emulator.functions.reserveConcurrency('f', 1);
  await expect(put(2)).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('should not be greater than the reserved'),
  });
});

test('environments that do not initialise, or that this host cannot run, are a failed state', async () => {
  const broken = { FunctionName: 'broken', Qualifier: 'live' };
  expect((await put(1, broken)).Status).toBe('IN_PROGRESS');
  await vi.waitFor(async () => expect((await get(broken)).Status).toBe('FAILED'), WITHIN);
  expect((await get(broken)).StatusReason).toContain('broken does not load');
  expect(await put(5)).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringContaining('this host runs at most 4 environments'),
  });
});

test('CloudWatch tells how provisioned concurrency was used', async () => {
  const name = 'watched';
  await emulator.functions.provisionConcurrency(name, 2);
  await Promise.all([1, 2, 3].map(() => invoke({ action: 'burn', ms: 500 }, name)));
  await invoke({}, name);
  await emulator.functions.provisionConcurrency(name, 0);
  await emulator.functions.endEnvironments(name);
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  const cloudWatch = new CloudWatchClient({ region, endpoint, credentials });
  const asked = [
    ['ProvisionedConcurrencyInvocations', 'Sum'],
    ['ProvisionedConcurrencySpilloverInvocations', 'Sum'],
    ['ProvisionedConcurrentExecutions', 'Maximum'],
    ['ProvisionedConcurrencyUtilization', 'Maximum'],
  ] as const;
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: asked.map(([MetricName, Stat], i) => ({
        Id: `m${i}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName,
            Dimensions: [{ Name: 'FunctionName', Value: name }],
          },
          Period: 7200,
          Stat,
        },
      })),
    }),
  );
  const [served, spilled, executions, utilisation] = (MetricDataResults ?? []).map(
    ({ Values = [] }) => Values,
  );
  const sum = (values: number[] = []) => values.reduce((a, b) => a + b, 0);
  expect([sum(served), sum(spilled)]).toEqual([3, 1]);
  expect([Math.max(...(executions ?? [])), Math.max(...(utilisation ?? []))]).toEqual([2, 1]);
});
