import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BatchGetTracesCommand, XRayClient } from '@aws-sdk/client-xray';
import { afterEach, describe, expect, test } from 'vitest';
import { makeLean, type TracesAnswer } from './lean-xray.ts';

/** Over either transport: our own, and the SDK's as on AWS. */
describe.for([{ local: true }, { local: false }])(
  'a client made lean, local: $local',
  ({ local }) => {
    let server: Server;
    let client: XRayClient;
    let requests: IncomingMessage[];
    afterEach(() => {
      client.destroy();
      server.closeAllConnections();
      server.close();
    });

    async function start(answer: (response: ServerResponse, call: number) => void): Promise<void> {
      requests = [];
      server = createServer((request, response) => {
        request.resume();
        answer(response, requests.push(request));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      client = new XRayClient({
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: {
          accessKeyId: 'AKIDEXAMPLE',
          secretAccessKey: 'example',
          sessionToken: 'token',
        },
        maxAttempts: 1,
      });
      await makeLean(client, local);
    }

    const ask = (): Promise<TracesAnswer> =>
      client.send(new BatchGetTracesCommand({ TraceIds: ['a'] }));

    test('gives traces with their bytes, and says who asks', async () => {
      const text =
        '{"Traces":[{"Id":"é","Segments":null}],"UnprocessedTraceIds":["b"],"NextToken":null}';
      await start((response, call) => {
        if (call === 1) response.setHeader('content-length', Buffer.byteLength(text));
        response.write(text.slice(0, 20));
        response.end(text.slice(20));
      });
      for (let i = 0; i < 2; i += 1) {
        const { Traces, UnprocessedTraceIds, bytes } = await ask();
        expect(Traces).toEqual([{ Id: 'é', Segments: null }]);
        expect(UnprocessedTraceIds).toEqual(['b']);
        expect(bytes?.toString()).toBe(text);
      }
      const { headers, url } = requests[1] as IncomingMessage;
      expect(url).toBe('/Traces');
      expect(headers).toMatchObject({
        'user-agent': expect.stringMatching(/^aws-sdk-js\/\S+ .*api\/XRay\//),
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(
          /Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/xray\/aws4_request, .*x-amz-security-token/,
        ),
      });
    });

    test('errors are those of the SDK', async () => {
      await start((response, call) => {
        if (call === 1) response.writeHead(429, { 'x-amzn-errortype': 'ThrottledException' });
        response.end(call === 1 ? '{"Message":"slower"}' : '{"Traces":[');
      });
      await expect(ask()).rejects.toMatchObject({
        name: 'ThrottledException',
        message: 'slower',
        $metadata: { httpStatusCode: 429 },
      });
      await expect(ask()).rejects.toThrow('Deserialization error');
    });

    test('a clock that is wrong by an hour is corrected', async () => {
      await start((response) => {
        response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
        response.end('{}');
      });
      await ask();
      await ask();
      const [first, second] = requests.map(({ headers }) => {
        const parts = /^(\d{4})(..)(..)T(..)(..)(..)Z$/.exec(`${headers['x-amz-date']}`);
        const [year, month, ...rest] = (parts ?? []).slice(1).map(Number) as [number, number];
        return Date.UTC(year, month - 1, ...(rest as number[]));
      }) as [number, number];
      expect((second - first) / 60_000).toBeGreaterThan(58);
    });
  },
);
