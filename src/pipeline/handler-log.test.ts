import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { aProvisionedEndpoint } from '../model/testing/a-provisioned-endpoint.ts';
import { lastWords } from './handler-log.ts';

/** Lines as Lambda's JSON format has them. */
const LINES = [
  '{"time":"2026-11-21T09:00:00.000Z","type":"platform.start","record":{"requestId":"a"}}',
  '{"timestamp":"2026-11-21T09:00:00.100Z","level":"WARN","requestId":"a","message":"no table"}',
  '{"timestamp":"2026-11-21T09:00:00.200Z","level":"ERROR","requestId":"a","message":{"errorType":"Error","errorMessage":"no rights","stackTrace":[]}}',
  '{"timestamp":"2026-11-21T09:00:01.200Z","level":"ERROR","requestId":"b","message":{"errorType":"Error","errorMessage":"no rights","stackTrace":[]}}',
  '{"time":"2026-11-21T09:00:00.300Z","type":"platform.report","record":{"requestId":"a"}}',
];

test('of a log in JSON what the handler said is told, each once, and nothing of Lambda’s own', async () => {
  const events = LINES.map((message, index) => ({
    message,
    timestamp: index,
    eventId: `${index}`,
  }));
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ events }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = aProvisionedEndpoint({
    aws: {
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
  });
  try {
    const words = await lastWords(endpoint, 0, new AbortController().signal);
    expect(words).toEqual(['no table', 'Error: no rights']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
