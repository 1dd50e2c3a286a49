import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent,
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
  const plain = await lambda.send(new InvokeCommand({ FunctionName: 'f' }));
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

test('a streamed response is with the caller while the function still writes', async () => {
  const { behave } = tested.host;
  const read = Promise.withResolvers<void>();
  tested.host.behave = async ({ openStream }) => {
    const stream = openStream?.('application/octet-stream');
    stream?.write('first');
    // Goes on only once the caller has it.
    await read.promise;
    stream?.end('last');
    return Buffer.alloc(0);
  };
  const { EventStream, ExecutedVersion } = await lambda.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'f' }),
  );
  expect(ExecutedVersion).toBe('$LATEST');
  const events: string[] = [];
  for await (const event of EventStream as AsyncIterable<InvokeWithResponseStreamResponseEvent>) {
    const { Payload } = event.PayloadChunk ?? {};
    events.push(Payload === undefined ? 'complete' : Buffer.from(Payload).toString());
    read.resolve();
  }
  expect(events).toEqual(['first', 'last', 'complete']);
  tested.host.behave = behave;
});

test('a function learns that the caller of its stream went away', async () => {
  const { behave } = tested.host;
  const gone = Promise.withResolvers<void>();
  tested.host.behave = async ({ openStream }) => {
    const stream = openStream?.('application/octet-stream');
    stream?.once('close', () => gone.resolve());
    stream?.write('first');
    await gone.promise;
    return Buffer.alloc(0);
  };
  const { EventStream } = await lambda.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'f' }),
  );
  for await (const _ of EventStream as AsyncIterable<InvokeWithResponseStreamResponseEvent>) break;
  lambda.destroy();
  await gone.promise;
  tested.host.behave = behave;
});

test('throttled, too large or answered whole, a streaming call says so', async () => {
  const { behave } = tested.host;
  const call = (Payload?: Uint8Array) =>
    lambda.send(
      new InvokeWithResponseStreamCommand({ FunctionName: 'f', ...(Payload ? { Payload } : {}) }),
    );
  await expect(call(Buffer.alloc(6 * 1024 * 1024 + 1))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  });
  tested.host.behave = async () => 'refused';
  await expect(call()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  const large = Buffer.alloc(200_000, 'x');
  tested.host.behave = async () => large;
  const { EventStream } = await call();
  let bytes = 0;
  for await (const event of EventStream as AsyncIterable<InvokeWithResponseStreamResponseEvent>) {
    bytes += event.PayloadChunk?.Payload?.length ?? 0;
  }
  expect(bytes).toBe(large.length);
  tested.host.behave = behave;
});

test('what cannot be changed is refused, unless it is so already', async () => {
  const update = (members: object) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', ...members }));
  expect((await update({ Handler: 'index.handler', Timeout: 9 })).Timeout).toBe(9);
  await expect(update({ Handler: 'other.handler' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Handler cannot be changed here.',
  });
});
