import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256 } from '../../aws/sha256.ts';
import { PlainSigner } from './plain-signature.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const DATE = new Date('2026-11-21T16:00:00Z');
const signer = new PlainSigner(KEYS.secretAccessKey);
const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');

/** A request as the official signer made it, and the names of the headers it signed. */
async function signed(
  path: string,
  more: Record<string, string>,
  body: string,
  scope: { region: string; service: string },
) {
  const official = new SignatureV4({ credentials: KEYS, sha256: Sha256, ...scope });
  const headers = { host: '127.0.0.1:1', 'content-type': 'application/json', ...more };
  const sent = await official.sign(
    { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path, headers, body },
    { signingDate: DATE },
  );
  const [, names, signature] = /SignedHeaders=([^,]+), Signature=(.+)$/.exec(
    sent.headers.authorization ?? '',
  ) as unknown as [string, string, string];
  const query = new URLSearchParams();
  const received = { method: 'POST', path, query, headers: sent.headers, body: Buffer.from(body) };
  return { received, names: names.split(';'), signature };
}

test('a plain request gets the signature of the official signer, any other none', async () => {
  const name = fc.stringMatching(/^x-[a-z]{1,8}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  const path = fc.stringMatching(/^(\/[A-Za-z0-9_.~%-]{1,6}){1,3}$/);
  const scope = fc.record({
    region: fc.constantFrom('us-east-1', 'eu-west-3'),
    service: fc.constantFrom('xray', 'logs'),
  });
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.dictionary(name, value, { maxKeys: 4 }),
      fc.string(),
      scope,
      async (path, more, body, scope) => {
        const { received, names, signature } = await signed(path, more, body, scope);
        const ours = signer.sign(received, names, scope, sha256(body));
        const plain =
          /^[\w/-]+$/.test(path) && !Object.values(more).some((each) => each.includes('  '));
        expect(ours).toBe(plain ? signature : null);
      },
    ),
    { seed: 8, numRuns: 200 },
  );
});

test('a query, headers out of order or not there, and a date of another form are not plain', async () => {
  const scope = { region: 'us-east-1', service: 'xray' };
  const { received, names, signature } = await signed('/Traces', {}, '{}', scope);
  const hash = sha256('{}');
  expect(signer.sign(received, names, scope, hash)).toBe(signature);
  const query = new URLSearchParams('a=b');
  expect(signer.sign({ ...received, query }, names, scope, hash)).toBeNull();
  expect(signer.sign(received, names.toReversed(), scope, hash)).toBeNull();
  expect(signer.sign(received, [...names, 'x-none'], scope, hash)).toBeNull();
  const headers = { ...received.headers, 'x-amz-date': '2026-11-21T16:00:00Z' };
  expect(signer.sign({ ...received, headers }, names, scope, hash)).toBeNull();
});
