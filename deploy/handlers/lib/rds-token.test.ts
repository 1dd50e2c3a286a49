import { Signer } from '@aws-sdk/rds-signer';
import { afterEach, expect, test, vi } from 'vitest';
import { rdsToken } from './rds-token.ts';

afterEach(() => {
  vi.useRealTimers();
});

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY' };
const NOW = new Date('2026-11-20T19:15:00.123Z');
const PLACE = {
  host: 'bench-1.c1.us-east-1.rds.amazonaws.com',
  port: 5432,
  user: 'bench_reader',
};

test.each([
  ['keys of a user', { ...KEYS, sessionToken: undefined }, PLACE, 'us-east-1'],
  ['keys of a role', { ...KEYS, sessionToken: "IQo/+=='(!)*~ü" }, PLACE, 'eu-central-1'],
  [
    'another port, a user with signs',
    { ...KEYS, sessionToken: undefined },
    { ...PLACE, port: 6543, user: 'a b@c/d' },
    'us-east-1',
  ],
])('the token is that of the SDK: %s', async (_, keys, place, region) => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  const { host, port, user } = place;
  const { sessionToken, ...others } = keys;
  const credentials = { ...others, ...(sessionToken !== undefined && { sessionToken }) };
  const signer = new Signer({ hostname: host, port, username: user, region, credentials });
  expect(rdsToken(place, region, keys)).toBe(await signer.getAuthToken());
});
