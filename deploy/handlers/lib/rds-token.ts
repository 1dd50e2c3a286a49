import { createHash, createHmac } from 'node:crypto';

/** Keys of a role, as Lambda gives them to a function by its environment. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
}

const VALID_S = 900;
const SHA256_OF_NOTHING = createHash('sha256').update('').digest('hex');

/**
 * A token that a database user with the role `rds_iam` comes in with in place of a password: the
 * presigned URL of `rds-db:connect`, without its scheme. A connection has to be opened within 15
 * minutes of it, and then lives on. Secret.
 *
 * Source: "IAM database authentication" (Amazon RDS User Guide); Signature Version 4 by query string.
 * By ourselves, since the handlers' bundles are measured: @aws-sdk/rds-signer, whose tokens are the
 * same to the byte (see the test), bundles to 291 KB and takes 25 ms to load and 4 ms for the first
 * token; this takes 1.7 KB and 0.8 ms, beside node:crypto, which pg loads anyway (Node 24, medians of
 * 10 processes).
 */
export function rdsToken(
  { host, port, user }: { host: string; port: number; user: string },
  region: string,
  keys: Keys,
  now = new Date(),
): string {
  const instant = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = instant.slice(0, 8);
  const scope = `${day}/${region}/rds-db/aws4_request`;
  const place = `${host}:${port}`;
  // In the order of their names, as the signature wants them.
  const unsigned = [
    'Action=connect',
    `DBUser=${encoded(user)}`,
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encoded(`${keys.accessKeyId}/${scope}`)}`,
    `X-Amz-Date=${instant}`,
    `X-Amz-Expires=${VALID_S}`,
    ...(keys.sessionToken ? [`X-Amz-Security-Token=${encoded(keys.sessionToken)}`] : []),
  ].join('&');
  const headers = 'X-Amz-SignedHeaders=host';
  const query = `${unsigned}&${headers}`;
  const request = ['GET', '/', query, `host:${place}`, '', 'host', SHA256_OF_NOTHING].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', instant, scope, hash].join('\n');
  const key = [day, region, 'rds-db', 'aws4_request'].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  return `${place}/?${unsigned}&X-Amz-Signature=${signature}&${headers}`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** All but letters, digits and `-._~`, as RFC 3986 has it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
