/**
 * The process of the database: dynalite on a random port of the loopback, its data in DYNALITE_FOLDER
 * or, where that is not set, in memory. Its first and only line on stdout is `{"port":…}`. SIGTERM
 * closes LevelDB first, so that its files are whole.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { announce } from '../announced-server.ts';
import { createDynalite } from './create.ts';

const server = createDynalite(process.env.DYNALITE_FOLDER);
// No delays of Nagle's.
server.on('connection', (socket) => socket.setNoDelay(true));

/** Closed to web pages, however they name this host: browsers always send Origin with a POST. */
const [answer] = server.listeners('request') as RequestListener[];
server.removeAllListeners('request');
server.on('request', (request: IncomingMessage, response: ServerResponse) => {
  const { host, origin } = request.headers;
  if (origin !== undefined || host !== ownHost) {
    response.writeHead(403).end();
    return;
  }
  answer?.(request, response);
  // dynalite throws, and so ends, when a client goes away in the middle of a request, as an
  // environment that is killed does.
  request.removeAllListeners('error');
  request.on('error', () => {});
});

process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close((error) => process.exit(error === undefined || error === null ? 0 : 1));
});

let ownHost = '';
announce(server, (host) => {
  ownHost = host;
});
