import type { ProvisionedEndpoint } from '../model/ports.ts';
import { keysOf } from './signing-keys.ts';

/**
 * The headers that sign a POST of `body` to an endpoint whose requests are to be signed (Signature
 * Version 4): what the scenario's own signer sets (scenarios/lib/sigv4.ts). None for other endpoints.
 */
export async function signedHeaders(
  endpoint: ProvisionedEndpoint,
  body: string,
): Promise<Record<string, string>> {
  const { signing } = endpoint;
  if (signing === null) return {};
  const { sessionToken, accessKeyId, secretAccessKey } = await keysOf(endpoint);
  // Loaded where it is needed: most endpoints on this machine are not signed for.
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { Hash } = await import('@smithy/core/serde');
  const { host, hostname, pathname, protocol, searchParams } = new URL(endpoint.url);
  const signer = new SignatureV4({
    ...signing,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== null && { sessionToken }),
    },
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
  );
  const { headers } = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    path: pathname,
    query,
    headers: { host },
    body,
  });
  const { host: _, ...set } = headers;
  return set;
}
