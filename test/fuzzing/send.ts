import { connect } from 'node:net';
import { below, type Random } from './mutate.ts';

/** How long a server may take for the rest of a request to come, until there will be none. */
const QUIET_MS = 150;
/** A server may wait as long as the caller is there; once it left, no longer. */
const HANG_MS = 15_000;

export type Outcome =
  /** The status it answered with; 0: it closed the connection without an answer. */
  | { kind: 'answered'; status: number }
  | { kind: 'hung' }
  /** Nobody listens there. */
  | { kind: 'refused' };

/**
 * Sends bytes in up to three pieces, and leaves once an answer begins or none comes; then the server
 * must close, too.
 */
export function send(random: Random, port: number, bytes: Buffer): Promise<Outcome> {
  return new Promise((resolve) => {
    let status = 0;
    let refused = false;
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ kind: 'hung' });
    }, HANG_MS);
    let quiet: NodeJS.Timeout | undefined;
    socket.on('connect', () => {
      for (const piece of pieces(random, bytes)) socket.write(piece);
      quiet = setTimeout(() => socket.end(), QUIET_MS);
    });
    socket.on('data', (chunk: Buffer) => {
      clearTimeout(quiet);
      socket.end();
      if (status === 0)
        status = Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1'))?.[1] ?? 0);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused ||= error.code === 'ECONNREFUSED';
    });
    socket.on('close', () => {
      clearTimeout(timer);
      clearTimeout(quiet);
      resolve(refused ? { kind: 'refused' } : { kind: 'answered', status });
    });
  });
}

function pieces(random: Random, bytes: Buffer): Buffer[] {
  const first = below(random, bytes.length + 1);
  const second = first + below(random, bytes.length - first + 1);
  return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
}
