import { createHash, createHmac, type Hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { requestSigner } from './sigv4.ts';

const hmac = (key: string | ArrayBuffer, text: string) =>
  createHmac('sha256', typeof key === 'string' ? key : new Uint8Array(key)).update(text);
const hashes = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmac: (key: string | ArrayBuffer, text: string) =>
    new Uint8Array(hmac(key, text).digest()).buffer,
  hmacHex: (key: ArrayBuffer, text: string) => hmac(key, text).digest('hex'),
};
/** As the library asks for one. */
class Sha256 {
  readonly #hash: Hash | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfi' };
const region = 'eu-west-1';
const ARN = encodeURIComponent('arn:aws:lambda:eu-west-1:123456789012:function:f-1');

test.each([
  ['a plain name', 'http://127.0.0.1:4000/2015-03-31/functions/f-1/invocations', null],
  ['a session token', 'http://127.0.0.1:4000/2015-03-31/functions/f/invocations', 'token+/='],
  [
    'an ARN',
    `https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/${ARN}/invocations`,
    null,
  ],
  [
    'a qualifier',
    'http://127.0.0.1:4000/2015-03-31/functions/f/invocations?Qualifier=%24LATEST',
    null,
  ],
])('signs as AWS’s own library does: %s', async (_, url, sessionToken) => {
  const sign = requestSigner({ ...keys, region, sessionToken }, url, hashes);
  const { host, hostname, pathname, searchParams, protocol } = new URL(url);
  const signer = new SignatureV4({
    credentials: { ...keys, ...(sessionToken === null ? {} : { sessionToken }) },
    region,
    service: 'lambda',
    sha256: Sha256,
    applyChecksum: false,
  });
  // Two days, so that the key is made anew; two bodies in one second.
  for (const [at, body] of [
    ['2026-11-20T23:59:59.900Z', '{"a":"é"}'],
    ['2026-11-20T23:59:59.999Z', ''],
    ['2026-11-21T00:00:00.000Z', '{}'],
  ] as const) {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    sign(headers, Date.parse(at), body);
    const expected = await signer.sign(
      {
        method: 'POST',
        protocol,
        hostname,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: { host },
        body,
      },
      { signingDate: new Date(at) },
    );
    expect(headers.Authorization).toBe(expected.headers.authorization);
    expect(headers['X-Amz-Date']).toBe(expected.headers['x-amz-date']);
    expect(headers['X-Amz-Security-Token']).toBe(sessionToken ?? undefined);
    expect(headers['Content-Type']).toBe('application/json');
  }
});
