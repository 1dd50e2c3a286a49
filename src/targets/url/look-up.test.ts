import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeployedEndpoint } from '../../model/deployed-endpoint.ts';
import { lookUpEndpoints } from './look-up.ts';
import { reach } from './reach.ts';

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  for (const file of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) {
    vi.stubEnv(file, '/dev/null');
  }
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

/** Lambda as far as it is asked: answers by the last part of the path; others are denied. */
async function lambda(answers: Record<string, object>): Promise<string> {
  const server: Server = createServer((request, response) => {
    const asked =
      URL.parse(request.url ?? '', 'http://x')
        ?.pathname.split('/')
        .at(-1) ?? '';
    const answer = answers[asked];
    const status = answer === undefined ? 403 : 'missing' in answer ? 404 : 200;
    const type = status === 403 ? 'AccessDeniedException' : 'ResourceNotFoundException';
    response.writeHead(status, status === 200 ? {} : { 'x-amzn-errortype': type });
    const denied = 'User: x is not authorized to perform: lambda:GetFunctionConfiguration on y';
    response.end(JSON.stringify(answer ?? { Message: denied }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CONFIGURATION = {
  FunctionName: 'shop',
  MemorySize: 2048,
  Timeout: 10,
  Runtime: 'python3.14',
  Architectures: ['arm64'],
  TracingConfig: { Mode: 'Active' },
  LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/logs' },
};

function anEndpoint(own: Partial<DeployedEndpoint> = {}): DeployedEndpoint {
  return {
    ...{ name: 'shop', url: 'http://127.0.0.1:9/graphql', front: 'other', signing: null },
    ...{ headers: {}, region: 'eu-west-1', functionName: 'shop', qualifier: null },
    ...{ metrics: null, renew: false, named: 'bench.config.ts: endpoints.shop' },
    ...own,
  };
}

const FILES = { operations: 'ops', variables: null, schema: null };
const NAMED = { operations: '', variables: '', schema: '' };

async function lookUp(
  answers: Record<string, object>,
  own: Partial<DeployedEndpoint> = {},
  owned = false,
) {
  const endpoints = [anEndpoint(own)];
  const awsEndpoint = await lambda(answers);
  return lookUpEndpoints({ endpoints, ...FILES, named: NAMED }, { awsEndpoint, owned });
}

const codes = ({ warnings }: Awaited<ReturnType<typeof lookUp>>) =>
  warnings.map(({ code }) => code).filter((code) => code !== 'environments-kept');

describe('of an endpoint is known', () => {
  test('what Lambda says of its function', async () => {
    const found = await lookUp({ configuration: CONFIGURATION });
    expect(found.endpoints[0]?.found).toEqual({
      ...{ name: 'shop', qualifier: null, memoryMb: 2048, timeoutS: 10, runtime: 'python3.14' },
      ...{ architecture: 'arm64', logGroup: '/shop/logs', traced: true },
    });
    expect(found.platforms.get('shop')).toMatchObject({
      platform: { memoryMb: 2048, front: 'other' },
      architecture: 'arm64',
    });
    expect(codes(found)).toEqual([]);
  });

  test('what its function does not tell of itself', async () => {
    const found = await lookUp({
      configuration: {
        ...CONFIGURATION,
        TracingConfig: { Mode: 'PassThrough' },
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      },
    });
    expect(found.endpoints[0]?.found).toMatchObject({
      traced: false,
      logGroup: '/aws/lambda/shop',
    });
    expect(codes(found)).toEqual(['telemetry-incomplete', 'telemetry-incomplete']);
  });

  test.each<[string, () => void, Partial<DeployedEndpoint>, RegExp]>([
    ['without a function', () => {}, { functionName: null }, /no function is named/],
    ['without rights', () => {}, {}, /no right to lambda:GetFunctionConfiguration/],
    [
      'without credentials',
      () => {
        vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
        vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
      },
      {},
      /there are no AWS credentials/,
    ],
  ])('%s nothing but its address', async (_, prepare, own, message) => {
    prepare();
    const found = await lookUp({}, own);
    expect(found.endpoints[0]?.found).toBe(null);
    expect(found.platforms.get('shop')).toMatchObject({
      platform: { memoryMb: null, runtime: null },
      architecture: null,
    });
    expect(codes(found)).toEqual(['client-side-only']);
    expect(found.warnings[0]?.message).toMatch(/^shop: only what clients see is measured/);
    expect(found.warnings[0]?.message).toMatch(message);
  });

  test('nothing where what was asked for needs more', async () => {
    await expect(lookUp({}, { renew: true })).rejects.toThrow(/shop: cannot read .* no right to/);
    await expect(lookUp({ configuration: { missing: true } })).rejects.toThrow(
      /shop: there is no function shop in eu-west-1 for these credentials/,
    );
  });
});

describe('an address is the user’s', () => {
  const url = 'https://abc.lambda-url.eu-west-1.on.aws/';
  const api = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/graphql';
  const sourceArn = (id: string) => ({
    Policy: JSON.stringify({
      Statement: [{ Condition: { ArnLike: { 'AWS:SourceArn': `${ARN}${id}/*/POST/graphql` } } }],
    }),
  });
  const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:';
  const configuration = CONFIGURATION;

  test.each<[string, Record<string, object>, Partial<DeployedEndpoint>]>([
    ['as the URL of the function', { configuration, url: { FunctionUrl: url } }, { url }],
    ['as the API that may invoke it', { configuration, policy: sourceArn('a1b2c3') }, { url: api }],
    ['behind Invoke', { configuration }, { url: null, front: 'invoke' }],
  ])('%s', async (_, answers, own) => {
    expect((await lookUp(answers, own)).endpoints).toHaveLength(1);
  });

  test.each<[string, Record<string, object>, Partial<DeployedEndpoint>]>([
    [
      'another function’s URL',
      { configuration, url: { FunctionUrl: 'https://other.lambda-url.eu-west-1.on.aws/' } },
      { url },
    ],
    ['another API', { configuration, policy: sourceArn('zzzzzz') }, { url: api }],
    ['one that may not be asked about', { configuration }, { url }],
    ['a private network', {}, { url: 'http://10.0.0.5/graphql', functionName: null }],
    [
      'a name like this machine’s',
      {},
      { url: 'http://127.0.0.1.example.com/', functionName: null },
    ],
  ])('not if it is %s, but for the user’s word', async (_, answers, own) => {
    const asked = lookUp(answers, own);
    await expect(asked).rejects.toThrow(/^bench\.config\.ts: endpoints\.shop: a load on/);
    await expect(asked).rejects.toThrow(/say so with --i-own-this$/);
    expect((await lookUp(answers, own, true)).endpoints).toHaveLength(1);
  });

  test('and is told where it is not encrypted', async () => {
    const found = await lookUp({ configuration }, { url: 'http://10.0.0.5/graphql' }, true);
    expect(codes(found)).toEqual(['unencrypted']);
  });
});

describe('an address that cannot be reached', () => {
  const { signal } = new AbortController();

  test('is told with the reason', async () => {
    await expect(reach('http://127.0.0.1:1/', 'endpoints.shop', signal)).rejects.toThrow(
      'endpoints.shop: 127.0.0.1 cannot be reached: nothing listens there (ECONNREFUSED)',
    );
    await expect(reach('https://nobody.invalid/', 'endpoints.shop', signal)).rejects.toThrow(
      /^endpoints\.shop: nobody\.invalid cannot be reached: .*(ENOTFOUND|EAI_AGAIN)/,
    );
  });

  test('is one that answers without TLS where that was said', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(reach(`https://127.0.0.1:${port}/`, 'endpoints.shop', signal)).rejects.toThrow(
      /cannot be reached: it does not speak TLS; is it http:\/\/ in place of https:/,
    );
    await reach(`http://127.0.0.1:${port}/`, 'endpoints.shop', signal);
  });
});
