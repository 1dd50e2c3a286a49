import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

/** In front of a PostgreSQL: asks for TLS and a password in clear, as RDS does for IAM's tokens. */
export interface TokenFront {
  port: number;
  /** To be trusted: of `localhost`, signed by itself. */
  certificate: string;
  /** What came as passwords, in order. */
  tokens: string[];
  close(): void;
}

/** Source of the codes: PostgreSQL's manual, "Message Formats". */
const SSL_REQUEST = 80_877_103;
const CLEARTEXT_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

export async function startTokenFront(folder: string, upstream: string): Promise<TokenFront> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost'],
    ],
    { stdio: 'ignore' },
  );
  const identity = { key: readFileSync(key), cert: readFileSync(certificate) };
  const tokens: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((plain) => {
    sockets.add(plain);
    plain.on('error', () => {});
    plain.once('data', (request) => {
      if (request.readInt32BE(4) !== SSL_REQUEST) return plain.destroy();
      plain.write('S');
      const secure = new TLSSocket(plain, { isServer: true, ...identity });
      secure.on('error', () => plain.destroy());
      secure.once('data', (startup) => {
        secure.write(CLEARTEXT_PASSWORD);
        secure.once('data', (answer) => {
          // `p`, a length, the text and a zero.
          tokens.push(answer.subarray(5, -1).toString());
          const database = connect(upstream);
          sockets.add(database);
          database.on('error', () => secure.destroy());
          database.write(startup);
          database.pipe(secure).pipe(database);
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    tokens,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
