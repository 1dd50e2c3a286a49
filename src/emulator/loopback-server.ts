import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errnoOf, messageOf, UsageError } from '../base/errors.ts';

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Heads of requests up to here are read, far beyond the limits of the services that are shown; larger
 * ones get 431 by Node, and the connection is closed.
 */
const MAX_HEAD_BYTES = 64 * 1024;
const SERVER_OPTIONS = { keepAlive: true, noDelay: true, maxHeaderSize: MAX_HEAD_BYTES };
/** Of a body that is too large, what is still taken so that its sender reads the answer. */
const DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * An HTTP server on 127.0.0.1 that answers only requests addressed to it by name: a page in a browser
 * that reaches it through a foreign host name (DNS rebinding) gets 403.
 * @param port 0 for any free one.
 * @param flag Named in the UsageError for a port that cannot be had.
 */
export async function listenOnLoopback(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
  flag: string,
): Promise<LoopbackServer> {
  const hosts = new Set<string>();
  const server = createServer(SERVER_OPTIONS, (request, response) => {
    if (request.headers.host !== undefined && hosts.has(request.headers.host)) {
      // A client that went away has nothing to be told.
      handle(request, response).catch(() => response.destroy());
    } else {
      refuseHost(request, response);
    }
  });
  // Longer than any client of ours keeps a connection idle: only the client may close first, else a
  // request could meet a connection that is just being closed.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  // Node leaves out what is beyond, and nobody would know.
  server.maxHeadersCount = 0;
  await listen(server, port, flag);
  const bound = (server.address() as AddressInfo).port;
  hosts.add(`127.0.0.1:${bound}`).add(`localhost:${bound}`);
  return {
    port: bound,
    origin: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Later ones are of single connections: not to be thrown.
    server.on('error', (error) => {
      const reason =
        errnoOf(error) === 'EADDRINUSE'
          ? 'is taken by another program'
          : `cannot be used (${messageOf(error)})`;
      reject(
        new UsageError(`${flag}: port ${port} ${reason}; choose another, or 0 for any free port`),
      );
    });
    server.listen({ host: '127.0.0.1', port, backlog: 4096 }, () => resolve());
  });
}

function refuseHost(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(403, { 'content-type': 'application/json' });
  response.end('{"message":"Forbidden: unknown Host"}');
}

/**
 * The body, or null where it is longer than `limitBytes`: the rest is discarded, up to a length where
 * the connection is closed instead.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (length > limitBytes + DISCARDED_BYTES) {
        request.destroy(new Error('the body does not end'));
      }
    });
    request.on('end', () => {
      if (length > limitBytes) resolve(null);
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}
