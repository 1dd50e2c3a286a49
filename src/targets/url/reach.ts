import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errnoOf, messageOf, UsageError } from '../../base/errors.ts';

const TIMEOUT_MS = 10_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'this name is unknown; check its spelling, or that there is a network',
  EAI_AGAIN: 'the name could not be looked up; is there a network?',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it cuts connections',
  EHOSTUNREACH: 'there is no way to it from here',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself; name its authority in NODE_EXTRA_CA_CERTS (k6 takes SSL_CERT_FILE)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate has an unknown authority; name it in NODE_EXTRA_CA_CERTS (k6 takes SSL_CERT_FILE)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate does not show who signed it',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; is it http:// in place of https://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; is it http:// in place of https://?',
};

/**
 * Opens a connection as a client would, TLS included, and closes it: no request is sent. Throws
 * UsageError with the reason where that fails.
 */
export async function reach(url: string, named: string, signal: AbortSignal): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const at = { host, port: port === '' ? (secure ? 443 : 80) : Number(port) };
  const ready = secure ? 'secureConnect' : 'connect';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = secure ? connectTls({ ...at, servername: nameOf(host) }) : connect(at);
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  socket.setTimeout(TIMEOUT_MS, () =>
    reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
  );
  socket.once(ready, () => resolve());
  socket.once('error', reject);
  try {
    await promise;
  } catch (error) {
    signal.throwIfAborted();
    const code = errnoOf(error) ?? '';
    const why = REASONS[code] ?? messageOf(error);
    throw new UsageError(
      `${named}: ${hostname} cannot be reached: ${why}${code === '' ? '' : ` (${code})`}`,
    );
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** An address is no name to ask for in TLS. */
const nameOf = (host: string) => (/^[\d.]+$|:/.test(host) ? '' : host);
