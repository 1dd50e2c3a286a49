import { afterAll, beforeAll, expect, test } from 'vitest';
import { ToolError } from '../base/errors.ts';
import { answer } from '../emulator/testing/fake-host.ts';
import { startTestEmulator, type TestEmulator } from '../emulator/testing/with-emulator.ts';
import { startSignedServer } from '../engines/k6/testing/signed-server.ts';
import type { BuiltFront } from '../model/endpoint.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { Signing } from '../model/scenario.ts';
import { ask } from './ask.ts';

let tested: TestEmulator;
beforeAll(async () => {
  tested = await startTestEmulator();
});
afterAll(() => tested.close());

async function endpointOf(front: BuiltFront): Promise<ProvisionedEndpoint> {
  const { emulator } = tested;
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  const way =
    front === 'invoke'
      ? {
          url: emulator.invokeUrl('f'),
          asEvent: true,
          signing: { service: 'lambda', region } as const,
          frontDimensions: null,
        }
      : { ...(await emulator.addFront(front, 'f')), asEvent: false, signing: null };
  return {
    ...way,
    headers: { 'X-Api-Key': 'k' },
    front,
    memoryMb: 1024,
    functionName: 'f',
    qualifier: null,
    logGroup: '/aws/lambda/f',
    traced: true,
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

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a/secret', sessionToken: 'a+token==' };

/** How a server that wants requests signed for this service answers one of ours, signed with `keys`. */
async function signedAnswer(service: Signing['service'], keys = KEYS) {
  const signing = { service, region: 'eu-west-1' } as const;
  const server = await startSignedServer({ ...KEYS, expiresAtMs: null }, signing);
  const endpoint: ProvisionedEndpoint = {
    ...(await endpointOf('http-api')),
    url: server.url,
    signing,
    aws: { region: 'eu-west-1', endpoint: null, credentials: keys },
  };
  try {
    const body = { name: 'A', query: 'query A { é }', variables: {} };
    return { ...(await ask(endpoint, body, signal)), accepted: server.accepted };
  } finally {
    await server.close();
  }
}

test.each(['execute-api', 'lambda', 'appsync'] as const)(
  'a request is signed for %s',
  async (to) => {
    const { status, accepted } = await signedAnswer(to);
    expect(status).toBe(200);
    expect(accepted).toEqual(['{"operationName":"A","query":"query A { é }","variables":{}}']);
    const wrong = await signedAnswer(to, { ...KEYS, secretAccessKey: 'another' });
    expect([wrong.status, wrong.body]).toEqual([403, expect.stringContaining('does not match')]);
  },
);
