import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  traceHeader: string;
  headers: Record<string, string | string[] | undefined>;
  /** Counts connections from 1. */
  connection: number;
  operationName: string | undefined;
  query: string;
  id: string;
  atMs: number;
}

export interface GraphqlStub {
  url: string;
  requests: SeenRequest[];
  /** Resolves at the n-th request. */
  seen(count: number): Promise<void>;
  close(): Promise<void>;
}

/** The data every well-behaved answer holds. */
export const STUB_DATA = { user: { id: '1', name: 'Zoë, "the" first & only' } };

/** Behaviours, named by the variable `id`; anything else is answered well. */
const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  graphqlError: (response) =>
    json(response, 200, { errors: [{ message: 'no such user: a=1&b=2, "x"' }], data: null }),
  wrong: (response) => json(response, 200, { data: { user: null } }),
  status: (response) => json(response, 502, { message: 'Internal server error' }),
  notJson: (response) => response.writeHead(200).end('<html>'),
  reset: (response) => response.destroy(),
  silent: () => {},
  extensions: (response) => json(response, 200, { extensions: { a: 1 }, data: STUB_DATA }),
  spaced: (response) => response.writeHead(200).end(JSON.stringify({ data: STUB_DATA }, null, 2)),
};

function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-amzn-requestid': 'r-1',
      'apigw-requestid': 'g=1&2',
      'x-amzn-trace-id': 'Root=1-00000000-returned;Sampled=1',
    })
    .end(text);
}

/** A GraphQL server on loopback that does as it is told. */
export async function startGraphqlStub(): Promise<GraphqlStub> {
  const requests: SeenRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const connections = new Map<unknown, number>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const parsed = JSON.parse(body) as {
        operationName?: string;
        query: string;
        variables: { id: string };
      };
      requests.push({
        traceHeader: String(request.headers['x-amzn-trace-id']),
        headers: request.headers,
        connection: connections.get(request.socket) ?? 0,
        operationName: parsed.operationName,
        query: parsed.query,
        id: parsed.variables.id,
        atMs: Date.now(),
      });
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
      const answer = ANSWERS[parsed.variables.id];
      if (answer === undefined) json(response, 200, { data: STUB_DATA });
      else answer(response);
    });
  });
  server.on('connection', (socket) => connections.set(socket, connections.size + 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    seen: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
