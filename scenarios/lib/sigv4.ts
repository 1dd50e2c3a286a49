/** Keys for AWS's APIs, as the plan file has them. */
export interface InvokeAccess {
  region: string;
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
const SERVICE = 'lambda';

/**
 * Signs POST requests to one URL with Signature Version 4 (AWS, "Create a signed AWS API request"):
 * sets `X-Amz-Date`, `Authorization` and, with a session token, `X-Amz-Security-Token`. What is the
 * same for every request is made once, the key once a day, the date once a second: two hashes and one
 * HMAC are left per request. Only the host, the date and the token are signed beside the body.
 */
export function requestSigner(
  access: InvokeAccess,
  url: string,
  hashes: Hashes,
): (headers: Record<string, string>, epochMs: number, body: string) => void {
  const { accessKeyId, secretAccessKey, sessionToken, region } = access;
  const [, host = '', path = '/', query = ''] =
    /^https?:\/\/([^/?]+)([^?]*)\??(.*)$/.exec(url) ?? [];
  const token = sessionToken === null ? '' : `x-amz-security-token:${sessionToken}\n`;
  const signed = `host;x-amz-date${sessionToken === null ? '' : ';x-amz-security-token'}`;
  const start = `POST\n${canonicalPath(path)}\n${canonicalQuery(query)}\nhost:${host}\nx-amz-date:`;
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
      key = [region, SERVICE, 'aws4_request'].reduce<ArrayBuffer>(
        (derived, text) => hashes.hmac(derived, text),
        hashes.hmac(`AWS4${secretAccessKey}`, day),
      );
    }
    const scope = `${day}/${region}/${SERVICE}/aws4_request`;
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

/** The path as it is sent, each segment percent-encoded once more (all services but S3). */
function canonicalPath(path: string): string {
  return path === '' ? '/' : path.split('/').map(encoded).join('/');
}

/** Parameters as they are sent (percent-encoded already), in order. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => (parameter.includes('=') ? parameter : `${parameter}=`))
    .sort()
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
