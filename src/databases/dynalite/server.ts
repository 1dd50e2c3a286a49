/**
 * The process of the database: dynalite on a random port of the loopback, its data in DYNALITE_FOLDER
 * or, where that is not set, in memory. Its first and only line on stdout is `{"port":…}`. SIGTERM
 * closes LevelDB first, so that its files are whole.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** Longer than any environment stays frozen: a thawed client must not meet a closed connection. */
const KEEP_ALIVE_MS = 3_600_000;

const { DYNALITE_FOLDER: path } = process.env;
const server = dynalite({
  ...(path !== undefined && { path }),
  createTableMs: 0,
  updateTableMs: 0,
  deleteTableMs: 0,
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
// Neither Nagle's delays nor Node's own limit of a connection's age.
server.on('connection', (socket) => socket.setNoDelay(true));
server.requestTimeout = 0;

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

/** Whoever read our output has gone, and with it the reason to live. */
process.stdout.on('error', () => process.exit(0));
process.stderr.on('error', () => process.exit(0));

process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close((error) => process.exit(error === undefined || error === null ? 0 : 1));
});

let ownHost = '';
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  ownHost = `127.0.0.1:${port}`;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
