import { afterAll, beforeAll, expect, test } from 'vitest';
import { ToolError } from '../base/errors.ts';
import { answer } from '../emulator/testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../emulator/testing/with-emulator.ts';
import type { Front } from '../model/endpoint.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import { ask } from './ask.ts';

let tested: TestEmulator;
beforeAll(async () => {
  tested = await startTestEmulator();
});
afterAll(() => tested.close());

async function endpointOf(front: Front): Promise<ProvisionedEndpoint> {
  const { emulator } = tested;
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  const way =
    front === 'invoke'
      ? {
          url: emulator.invokeUrl('f'),
          invoke: { region, ...credentials, sessionToken: null },
          frontDimensions: null,
        }
      : { ...(await emulator.addFront(front, 'f')), invoke: null };
  return {
    ...way,
    headers: { 'X-Api-Key': 'k' },
    front,
    memoryMb: 1024,
    functionName: 'f',
    logGroup: '/aws/lambda/f',
    aws: { region, endpoint, credentials },
  };
}

const FRONTS = ['rest-api', 'http-api', 'function-url', 'invoke'] as const;
const query = 'query Named($id: ID!) { user(id: $id) { id } }';
const signal = new AbortController().signal;

test.each(FRONTS)('asks one question through %s', async (front) => {
  const endpoint = await endpointOf(front);
  const body = '{"data":{"user":{"id":"é"}}}';
  tested.host.behave = async () => answer({ statusCode: 200, body });
  const request = { name: 'Named', query, variables: { id: 'é' } };
  expect(await ask(endpoint, request, signal)).toEqual({ status: 200, body });
  const event = JSON.parse(Buffer.from(tested.host.requests.at(-1)?.payload ?? '').toString());
  expect(JSON.parse(event.body)).toEqual({ operationName: 'Named', query, variables: { id: 'é' } });
  const headers = Object.entries<string>(event.headers).map(([k, v]) => [k.toLowerCase(), v]);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/json',
    'x-api-key': 'k',
  });
});

test.each(FRONTS)('says what failed behind %s', async (front) => {
  const endpoint = await endpointOf(front);
  const request = { name: 'Other', query: '{ a }', variables: {} };
  tested.host.behave = async () => answer({ statusCode: 400, body: '{"errors":[]}' });
  expect(await ask(endpoint, request, signal)).toEqual({ status: 400, body: '{"errors":[]}' });
  const event = JSON.parse(Buffer.from(tested.host.requests.at(-1)?.payload ?? '').toString());
  expect(JSON.parse(event.body)).toEqual({ query: '{ a }', variables: {} });
  tested.host.behave = async () => ({ errorType: 'Error' });
  expect((await ask(endpoint, request, signal)).status).toBeGreaterThanOrEqual(500);
});

test('nobody at home is a tool error', async () => {
  const endpoint = { ...(await endpointOf('http-api')), url: 'http://127.0.0.1:9/' };
  const asked = ask(endpoint, { name: 'A', query: '{ a }', variables: {} }, signal);
  await expect(asked).rejects.toThrow(ToolError);
  await expect(asked).rejects.toThrow(/^f does not answer: (?!fetch failed)/);
});
