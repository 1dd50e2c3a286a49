/**
 * The process of the service: JSON over HTTP on a random port of the loopback, over the data set
 * named by REST_DATASET, for those who know REST_TOKEN. Its first and only line on stdout is
 * `{"port":…}`. It holds no data but the users, so a signal ends it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type DatasetName, dataset } from '../../../../fixtures/dataset/dataset.ts';
import { announce } from '../../../databases/announced-server.ts';
import { type ApiReply, createApi } from './api.ts';

const { REST_DATASET, REST_TOKEN } = process.env;
if (!REST_DATASET || !REST_TOKEN) throw new Error('REST_DATASET and REST_TOKEN must be set');
const answer = createApi(dataset(REST_DATASET as DatasetName), REST_TOKEN);

let ownHost = '';
const server = createServer({ keepAlive: true, noDelay: true }, (request, response) => {
  // Nothing here reads a body.
  request.resume();
  send(response, replyTo(request));
});

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

announce(server, (host) => {
  ownHost = host;
});
