/** What requests are signed for, as the plan file has it. */
export interface Signing {
  service: string;
  region: string;
}

/** Keys for AWS, as the environment has them. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}

export interface Hashes {
  /** SHA-256 in hex. */
  sha256(text: string): string;
  /** HMAC with SHA-256. */
  hmac(key: string | ArrayBuffer, text: string): ArrayBuffer;
  hmacHex(key: ArrayBuffer, text: string): string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs requests to one URL with Signature Version 4 (AWS, "Create a signed AWS API request"): sets
 * `X-Amz-Date`, `Authorization` and, with a session token, `X-Amz-Security-Token`. What is the same for
 * every request is made once, the key once a day, the date once a second: two hashes and one HMAC are
 * left per request. Only the host, the date and the token are signed beside the body.
 * @param url as it is sent: percent-encoded, without the protocol's own port
 */
export function requestSigner(
  { service, region }: Signing,
  keys: Keys,
  url: string,
  hashes: Hashes,
  method: 'GET' | 'POST' = 'POST',
): (headers: Record<string, string>, epochMs: number, body: string) => void {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const [, host = '', path = '/', query = ''] =
    /^https?:\/\/([^/?]+)([^?]*)\??(.*)$/.exec(url) ?? [];
  const token = sessionToken === null ? '' : `x-amz-security-token:${sessionToken}\n`;
  const signed = `host;x-amz-date${sessionToken === null ? '' : ';x-amz-security-token'}`;
  const start = `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\nhost:${host}\nx-amz-date:`;
  const end = `\n${token}\n${signed}\n`;

  let second = -1;
  let date = '';
  let day = '';
  let toSignStart = '';
  let authorizationStart = '';
  let key: ArrayBuffer = new ArrayBuffer(0);

  function turnTo(now: number): void {
    second = now;
    date = `${new Date(now * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    if (date.slice(0, 8) !== day) {
      day = date.slice(0, 8);
      key = [region, service, 'aws4_request'].reduce<ArrayBuffer>(
        (derived, text) => hashes.hmac(derived, text),
        hashes.hmac(`AWS4${secretAccessKey}`, day),
      );
    }
    const scope = `${day}/${region}/${service}/aws4_request`;
    toSignStart = `${ALGORITHM}\n${date}\n${scope}\n`;
    authorizationStart = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=`;
  }

  return (headers, epochMs, body) => {
    const now = Math.floor(epochMs / 1000);
    if (now !== second) turnTo(now);
    const request = hashes.sha256(start + date + end + hashes.sha256(body));
    headers['X-Amz-Date'] = date;
    headers.Authorization = authorizationStart + hashes.hmacHex(key, toSignStart + request);
    if (sessionToken !== null) headers['X-Amz-Security-Token'] = sessionToken;
  };
}

/**
 * The path without empty and dot segments (RFC 3986, 5.2.4), each segment percent-encoded once more: so
 * for all services but S3.
 */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encoded).join('/')}${end}`;
}

/** Parameters encoded in the one way that counts, by name and then by value. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const at = parameter.indexOf('=');
      const [name, value] =
        at < 0 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
      return [encoded(decoded(name)), encoded(decoded(value))] as const;
    })
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const order = (a: string, b: string) => Number(a > b) - Number(a < b);

/** A `+` is a space, as AWS's own libraries take it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** All but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
