import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A service that behaves as it is told. */
export interface StubService {
  url: string;
  /** Requests so far. */
  requests: string[];
  close(): void;
}

/** `answer` hears whether the request is the first of its connection. */
export async function startStub(
  answer: (request: IncomingMessage, response: ServerResponse, first: boolean) => void,
): Promise<StubService> {
  const seen = new WeakSet<Socket>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const first = !seen.has(request.socket);
    seen.add(request.socket);
    requests.push(request.url ?? '');
    answer(request, response, first);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
