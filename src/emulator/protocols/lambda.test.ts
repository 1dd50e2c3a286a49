import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer } from '../testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';

let tested: TestEmulator;
let lambda: LambdaClient;

beforeAll(async () => {
  tested = await startTestEmulator();
  const { region, awsEndpoint: endpoint, credentials } = tested.emulator;
  lambda = new LambdaClient({ region, endpoint, credentials, maxAttempts: 1 });
});
afterAll(() => tested.close());

test('Invoke gives the answer, the log tail and the version', async () => {
  tested.host.behave = async ({ payload }) => answer({ echo: JSON.parse(payload.toString()) });
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST';
  const result = await lambda.send(
    new InvokeCommand({
      FunctionName: arn,
      Payload: Buffer.from('{"a":1}'),
      LogType: 'Tail',
      ClientContext: 'e30=',
    }),
  );
  expect(JSON.parse(Buffer.from(result.Payload ?? []).toString())).toHaveProperty('echo');
  expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(result.FunctionError).toBeUndefined();
  const tail = Buffer.from(result.LogResult ?? '', 'base64').toString();
  expect(tail).toMatch(/^START RequestId: \S+ Version: \$LATEST\nhello\nEND .*\nREPORT .*\nXRAY /);
  expect(tested.host.requests.at(-1)?.clientContext).toBe('e30=');
  const plain = await lambda.send(new InvokeCommand({ FunctionName: 'f', Qualifier: 'live' }));
  expect(plain.LogResult).toBeUndefined();
});

test('the log tail is 4 KB of whole characters', async () => {
  tested.host.logged = '日本語\n'.repeat(1000);
  const result = await lambda.send(new InvokeCommand({ FunctionName: 'f', LogType: 'Tail' }));
  tested.host.logged = 'hello\n';
  const tail = Buffer.from(result.LogResult ?? '', 'base64');
  expect(tail.length).toBeLessThanOrEqual(4096);
  expect(tail.length).toBeGreaterThan(4092);
  expect(tail.toString()).not.toContain('\ufffd');
  expect(tail.toString()).toContain('REPORT RequestId: ');
});

test('Invoke by event and as a dry run', async () => {
  const event = new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event' });
  expect((await lambda.send(event)).StatusCode).toBe(202);
  const before = tested.host.requests.length;
  const dry = new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' });
  expect((await lambda.send(dry)).StatusCode).toBe(204);
  expect(tested.host.requests).toHaveLength(before);
});

test('Invoke of what fails, is throttled, is too large, is not there', async () => {
  tested.host.behave = async () => ({ errorType: 'Error' });
  const failed = await lambda.send(new InvokeCommand({ FunctionName: 'f' }));
  expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  tested.host.behave = async () => 'refused';
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
  const large = new InvokeCommand({
    FunctionName: 'f',
    Payload: Buffer.alloc(6 * 1024 * 1024 + 1),
  });
  await expect(lambda.send(large)).rejects.toMatchObject({ name: 'RequestTooLargeException' });
  const noJson = new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{') });
  await expect(lambda.send(noJson)).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
  });
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'no' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a configuration is read and changed', async () => {
  const read = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }));
  expect(read).toMatchObject({ FunctionName: 'f', MemorySize: 1024, State: 'Active' });
  const updated = await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'f',
      MemorySize: 2048,
      Environment: { Variables: { B: '2' } },
    }),
  );
  expect(updated).toMatchObject({ MemorySize: 2048, Environment: { Variables: { B: '2' } } });
  expect(updated.RevisionId).not.toBe(read.RevisionId);
  const stale = new UpdateFunctionConfigurationCommand({
    FunctionName: 'f',
    Timeout: 5,
    RevisionId: read.RevisionId,
  });
  await expect(lambda.send(stale)).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  const wrong = new UpdateFunctionConfigurationCommand({ FunctionName: 'f', MemorySize: 64 });
  await expect(lambda.send(wrong)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  const whole = await lambda.send(new GetFunctionCommand({ FunctionName: 'f' }));
  expect(whole.Configuration?.MemorySize).toBe(2048);
});
