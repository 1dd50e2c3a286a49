import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than any environment stays frozen: a thawed client must not meet a closed connection. */
const KEEP_ALIVE_MS = 3_600_000;

/**
 * For the program of a process that startServerProcess starts: listens on a random port of the
 * loopback and says `{"port":…}`, the first and only line on stdout. `ready` is given the server's own
 * host, `127.0.0.1:port`, before any request comes.
 */
export function announce(server: Server, ready: (host: string) => void): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Nor Node's own limit of a connection's age.
  server.requestTimeout = 0;
  // Whoever read our output has gone, and with it the reason to live.
  process.stdout.on('error', () => process.exit(0));
  process.stderr.on('error', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    ready(`127.0.0.1:${port}`);
    process.stdout.write(`${JSON.stringify({ port })}\n`);
  });
}
