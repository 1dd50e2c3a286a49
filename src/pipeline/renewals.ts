import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../base/errors.ts';

/** The way a load's generator has the function renewed: see LoadPlan.renewUrl. */
export interface Renewals {
  url: string;
  /** What was thrown while the function was renewed, or null. */
  failure(): unknown;
  close(): Promise<void>;
}

/**
 * Answers a POST to `url` with 204 once `renew` has resolved, else with 500 and why; its signal aborts
 * when this is closed. On loopback, at a random port and path, and only to who addresses it by that:
 * no page in a browser can reach it.
 */
export async function hostRenewals(
  renew: (signal: AbortSignal) => Promise<void>,
): Promise<Renewals> {
  const path = `/${randomBytes(16).toString('hex')}`;
  let host = '';
  let failure: unknown = null;
  const closed = new AbortController();
  const server = createServer((request, response) => {
    request.resume();
    if (!isMeant(request)) {
      response.writeHead(403).end();
      return;
    }
    renew(closed.signal).then(
      () => response.writeHead(204).end(),
      (error: unknown) => {
        if (!closed.signal.aborted) failure = error;
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(messageOf(error));
      },
    );
  });
  const isMeant = ({ headers, method, url }: IncomingMessage) =>
    headers.host === host && method === 'POST' && url === path;
  // Between two renewals lie requests that may take their whole timeout.
  server.keepAliveTimeout = 600_000;
  await listen(server);
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}${path}`,
    failure: () => failure,
    close: () => {
      closed.abort();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
}
