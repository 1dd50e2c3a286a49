import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Keys, requestSigner, type Signing } from './sigv4.ts';

const hmac = (key: string | ArrayBuffer, text: string) =>
  createHmac('sha256', typeof key === 'string' ? key : new Uint8Array(key)).update(text);
const hashes = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmac: (key: string | ArrayBuffer, text: string) =>
    new Uint8Array(hmac(key, text).digest()).buffer,
  hmacHex: (key: ArrayBuffer, text: string) => hmac(key, text).digest('hex'),
};

interface Vectors extends Omit<Keys, 'sessionToken'>, Signing {
  host: string;
  date: string;
  requests: {
    name: string;
    method: 'GET' | 'POST';
    target: string;
    sessionToken: string | null;
    body: string;
    authorization: string;
  }[];
}
const { requests, host, date, accessKeyId, secretAccessKey, service, region } = JSON.parse(
  readFileSync(new URL('../../fixtures/recorded/sigv4-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

test.each(requests)('signs as AWS published: $name', (vector) => {
  const { method, target, sessionToken, body, authorization } = vector;
  const keys = { accessKeyId, secretAccessKey, sessionToken };
  const url = `https://${host}${target}`;
  const sign = requestSigner({ service, region }, keys, url, hashes, method);
  const headers: Record<string, string> = {};
  sign(headers, Date.parse('2015-08-30T12:36:00Z'), body);
  expect(headers).toEqual({
    'X-Amz-Date': date,
    Authorization: authorization,
    ...(sessionToken !== null && { 'X-Amz-Security-Token': sessionToken }),
  });
});

/** What AWS's own library sets for the same request. */
async function theirs(
  signing: Signing,
  { sessionToken, ...keys }: Keys,
  url: string,
  at: string,
  body: string,
): Promise<Record<string, string | undefined>> {
  const { host: hostHeader, hostname, pathname, searchParams, protocol } = new URL(url);
  const signer = new SignatureV4({
    credentials: { ...keys, ...(sessionToken !== null && { sessionToken }) },
    ...signing,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
  );
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol,
      hostname,
      path: pathname,
      query,
      headers: { host: hostHeader },
      body,
    },
    { signingDate: new Date(at) },
  );
  return {
    Authorization: headers.authorization,
    'X-Amz-Date': headers['x-amz-date'],
    ...(sessionToken !== null && { 'X-Amz-Security-Token': headers['x-amz-security-token'] }),
  };
}

const OURS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfi' };
const ARN = encodeURIComponent('arn:aws:lambda:eu-west-1:123456789012:function:f-1');
const INVOKE = '2015-03-31/functions';

test.each([
  ['lambda', `http://127.0.0.1:4000/${INVOKE}/f-1/invocations`],
  ['lambda', `https://lambda.eu-west-1.amazonaws.com/${INVOKE}/${ARN}/invocations`],
  ['lambda', `http://127.0.0.1:4000/${INVOKE}/f/invocations?Qualifier=%24LATEST`],
  ['lambda', 'https://abc.lambda-url.eu-west-1.on.aws/graphql'],
  ['execute-api', 'https://abc.execute-api.eu-west-1.amazonaws.com/bench/f-1-x/graphql'],
  ['appsync', 'https://abc.appsync-api.eu-west-1.amazonaws.com/graphql'],
])('signs for %s as AWS’s own library does, over midnight: %s', async (named, url) => {
  const signing = { service: named, region: 'eu-west-1' };
  for (const sessionToken of [null, 'token+/=']) {
    const keys = { ...OURS, sessionToken };
    const sign = requestSigner(signing, keys, url, hashes);
    // Two days, so that the key is made anew; two bodies in one second.
    for (const [at, body] of [
      ['2026-11-20T23:59:59.900Z', '{"a":"é"}'],
      ['2026-11-20T23:59:59.999Z', ''],
      ['2026-11-21T00:00:00.000Z', '{}'],
    ] as const) {
      const headers: Record<string, string> = { 'Content-Type': 'application/json' };
      sign(headers, Date.parse(at), body);
      const { 'Content-Type': type, ...set } = headers;
      expect(type).toBe('application/json');
      expect(set).toEqual(await theirs(signing, keys, url, at, body));
    }
  }
});

test('signs whatever is asked for as AWS’s own library does', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const sent = text.map((one) => new URLSearchParams({ one }).toString().slice(4));
  const segments = fc.array(
    fc.oneof(
      fc.constantFrom('', '%2F', '%25', "!'()*", 'a b', 'é', '$LATEST', 'a=b&c', ':@+;,'),
      text.map((one) => encodeURIComponent(one.toWellFormed())),
    ),
    { maxLength: 5 },
  );
  const query = fc.array(fc.tuple(sent, sent), { maxLength: 4 });
  const secret = fc.string({ minLength: 1, maxLength: 40 });
  const keysOf = fc.record({
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
    secretAccessKey: secret,
    sessionToken: fc.option(fc.base64String({ minLength: 4, maxLength: 60 })),
  });
  await fc.assert(
    fc.asyncProperty(
      segments,
      query,
      keysOf,
      fc.constantFrom('lambda', 'execute-api', 'appsync'),
      fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      async (path, parameters, keys, named, at, body) => {
        const parts = parameters.map(([name, value]) => `${name}=${value}`).join('&');
        const asked = `https://a.example.com:8443/${path.join('/')}${parts && `?${parts}`}`;
        const url = new URL(asked).href;
        const headers: Record<string, string> = {};
        const signing = { service: named, region: 'us-east-1' };
        requestSigner(signing, keys, url, hashes)(headers, at.getTime(), body);
        expect(headers).toEqual(await theirs(signing, keys, url, at.toISOString(), body));
      },
    ),
    { numRuns: 80, seed: 4 },
  );
});
