/**
 * The process of the service: JSON over HTTP on a random port of the loopback, over the data set
 * named by REST_DATASET, for those who know REST_TOKEN. Its first and only line on stdout is
 * `{"port":…}`. It holds no data but the users, so a signal ends it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DatasetName, dataset } from '../../../../fixtures/dataset/dataset.ts';
import { type ApiReply, createApi } from './api.ts';

/** Longer than any environment stays frozen: a thawed client must not meet a closed connection. */
const KEEP_ALIVE_MS = 3_600_000;

const { REST_DATASET, REST_TOKEN } = process.env;
if (!REST_DATASET || !REST_TOKEN) throw new Error('REST_DATASET and REST_TOKEN must be set');
const answer = createApi(dataset(REST_DATASET as DatasetName), REST_TOKEN);

let ownHost = '';
const server = createServer({ keepAlive: true, noDelay: true }, (request, response) => {
  // Nothing here reads a body.
  request.resume();
  send(response, replyTo(request));
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.requestTimeout = 0;

function replyTo(request: IncomingMessage): ApiReply {
  // Closed to web pages that reach it by a foreign name (DNS rebinding).
  if (request.headers.host !== ownHost) {
    return { status: 403, body: { error: { code: 'forbidden', message: 'unknown Host' } } };
  }
  const { method = '', url: target = '' } = request;
  return answer({ method, target, authorization: request.headers.authorization });
}

function send(response: ServerResponse, { status, body, headers = {} }: ApiReply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Whoever read our output has gone, and with it the reason to live. */
process.stdout.on('error', () => process.exit(0));
process.stderr.on('error', () => process.exit(0));

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  ownHost = `127.0.0.1:${port}`;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
