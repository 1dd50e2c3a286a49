import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ToolError } from '../base/errors.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { LoadProfile } from '../model/scenario.ts';
import { checkUnexpired, keysOf, signingKeys } from './signing-keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-keys-'));
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A profile whose keys a command of the user's tells. */
function commandTells(text: string, exit = 0): void {
  const told = join(folder, 'told');
  writeFileSync(told, text);
  const command = exit === 0 ? `cat ${told}` : `cat ${join(folder, 'nothing')}`;
  writeFileSync(join(folder, 'config'), `[profile p]\ncredential_process = ${command}\n`);
  vi.stubEnv('AWS_PROFILE', 'p');
}

function keysFor(seconds: number): void {
  commandTells(
    JSON.stringify({
      Version: 1,
      AccessKeyId: 'AKIDTOLD',
      SecretAccessKey: 'the-secret',
      SessionToken: 'the-token',
      Expiration: new Date(Date.now() + seconds * 1000).toISOString(),
    }),
  );
}

const ENDPOINT = {
  url: 'https://abc.execute-api.eu-west-1.amazonaws.com/',
  signing: { service: 'execute-api', region: 'eu-west-1' },
  aws: { region: 'eu-west-1', endpoint: null, credentials: null },
} as unknown as ProvisionedEndpoint;
const RAMP = { kind: 'ramp', ratePerS: 50, warmUpS: 4, rampS: 8, holdS: 28 } as const;
const COLD = { kind: 'cold', coldStarts: 20, warmRequests: 5 } as const;
const CLOSED = { ...RAMP, kind: 'closed', vus: 5, thinkTimeS: 20 } as const;

/** With a request timeout of 10 s and a minute to spare. */
const NEEDED_S: [string, LoadProfile, number][] = [
  ['a ramp', RAMP, 40 + 10 + 60],
  ['a closed model, which thinks once more', CLOSED, 40 + 20 + 10 + 60],
  ['forced cold starts, which wait for their function', COLD, 20 * (30 + 6) + 10 + 60],
];

test.each(NEEDED_S)('keys that last as long as %s are taken', async (_, profile, neededS) => {
  keysFor(neededS + 20);
  expect(await signingKeys(ENDPOINT, profile, 10)).toMatchObject({
    accessKeyId: 'AKIDTOLD',
    secretAccessKey: 'the-secret',
    sessionToken: 'the-token',
  });
});

test.each(NEEDED_S)(
  'keys that expire before the end of %s are refused',
  async (_, profile, neededS) => {
    keysFor(neededS - 1);
    const keys = signingKeys(ENDPOINT, profile, 10);
    await expect(keys).rejects.toThrow(ToolError);
    await expect(keys).rejects.toThrow(
      new RegExp(
        `^the AWS credentials expire in \\d+ s and this trial takes up to ${neededS} s: renew them`,
      ),
    );
    await expect(keys).rejects.not.toThrow(/secret|token/);
  },
);

test('keys that never expire are taken, and none are asked for where nothing is signed', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDLASTING');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'lasting');
  expect(await signingKeys(ENDPOINT, COLD, 10)).toEqual({
    accessKeyId: 'AKIDLASTING',
    secretAccessKey: 'lasting',
    sessionToken: null,
    expiresAtMs: null,
  });
  expect(await signingKeys({ ...ENDPOINT, signing: null, aws: null }, RAMP, 10)).toBeNull();
});

test('no keys at all, and a provider that fails, are told in one line', async () => {
  commandTells('', 1);
  const failed = keysOf(ENDPOINT);
  await expect(failed).rejects.toThrow(ToolError);
  await expect(failed).rejects.toThrow(
    /^requests are to be signed, and there are no AWS credentials: .+$/,
  );
});

test('keys that expired while the load went on are told of', () => {
  const keys = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: null, expiresAtMs: 5_000 };
  expect(() => checkUnexpired(keys, 7.4e6)).toThrow('expired 3 s before the load ended');
  checkUnexpired(keys, 4.9e6);
  checkUnexpired({ ...keys, expiresAtMs: null }, 7e6);
  checkUnexpired(null, 7e6);
});
