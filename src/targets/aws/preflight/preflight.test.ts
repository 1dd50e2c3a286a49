import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UsageError } from '../../../base/errors.ts';
import type { LoadProfile } from '../../../model/scenario.ts';
import { type LambdaService, startLambdaService } from '../testing/lambda-service.ts';
import { aPreparedCell } from '../testing/prepared.ts';
import { preflight } from './preflight.ts';

let service: LambdaService;
beforeEach(async () => {
  service = await startLambdaService();
});
afterEach(() => service.close());

const { signal } = new AbortController();
const RAISE =
  'raise the quota "Concurrent executions" of Lambda: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region us-east-1';

type Own = Parameters<typeof aPreparedCell>[0];
const plan = (own: Own = {}, profile: LoadProfile = ramp(50)) => ({
  cells: [aPreparedCell(own, profile).cell],
});
function ramp(ratePerS: number): LoadProfile {
  return { kind: 'ramp', ratePerS, warmUpS: 3, rampS: 10, holdS: 20 };
}
function checked(of = plan(), access = service.access) {
  return preflight(access, of, { signal });
}
function have(limit: number, unreserved = limit) {
  service.quota = { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved };
}

test('tells whose account it is, and changes nothing', async () => {
  expect(await checked()).toEqual({
    account: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/x',
    region: 'us-east-1',
    warnings: [],
  });
  expect(service.changes).toEqual([]);
});

test('credentials that end before the run does are a note: some renew themselves', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', new Date(Date.now() + 3_605_000).toISOString());
  const access = { ...service.access, credentials: null };
  const warnings = async (expectedS: number) =>
    (await preflight(access, plan(), { signal, expectedS })).warnings;
  expect(await warnings(3_500)).toEqual([]);
  expect(await warnings(7_200)).toEqual([
    {
      code: 'credentials-expire',
      severity: 'note',
      message: expect.stringMatching(
        /^the AWS credentials end in 60 m \d\d s and the run may take 2 h 00 m: unless they renew/,
      ),
    },
  ]);
  vi.unstubAllEnvs();
});

test.each<[string, number, ReturnType<typeof plan>, string]>([
  [
    'a rate',
    9,
    plan(),
    `dynamo-1024-rest-api would have some 10 requests under way at once (at 0.2 s each, 1 s where environments initialise), and the account has 9 of 9 executions at a time unreserved in us-east-1: the rest would be throttled; lower --rate (or --users, --vus), or ${RAISE}`,
  ],
  [
    'a burst, of which each meets no environment',
    199,
    plan({}, { kind: 'burst', ratePerS: 200, rateFromHost: false, holdS: 5 }),
    'dynamo-1024-rest-api would have some 200 requests under way at once',
  ],
  [
    'users that wait for answers',
    99,
    plan({}, { kind: 'closed', vus: 100, thinkTimeS: 1, warmUpS: 0, rampS: 0, holdS: 5 }),
    'dynamo-1024-rest-api would have some 100 requests under way at once',
  ],
  [
    'provisioned environments',
    150,
    plan({ provisionedConcurrency: 51 }),
    `--provisioned-concurrency: 51 is too many: the account has 150 of 150 executions at a time unreserved in us-east-1, and 100 must stay for other functions; ask for 50 at most, or ${RAISE}`,
  ],
  [
    'reserved concurrency in a new account',
    10,
    plan({ reservedConcurrency: 1 }, { kind: 'cold', coldStarts: 1, warmRequests: 0 }),
    `--reserved-concurrency: 1 is too many: the account has 10 of 10 executions at a time unreserved in us-east-1, and 100 must stay for other functions; ${RAISE}`,
  ],
])('%s above the quota is refused, and how to raise it said', async (_, limit, of, words) => {
  have(limit);
  const refused = expect(checked(of)).rejects;
  await refused.toThrow(UsageError);
  await expect(checked(of)).rejects.toThrow(words);
  have(1000);
  expect((await checked(of)).warnings).toEqual([]);
});

test('what may be too much is a note; a reservation is a limit that was asked for', async () => {
  have(200, 40);
  expect((await checked()).warnings).toEqual([
    {
      code: 'account-concurrency',
      severity: 'note',
      message:
        'dynamo-1024-rest-api may have 50 requests under way while environments initialise (at 1 s each), and the account has 40 of 200 executions at a time unreserved in us-east-1: some may be throttled',
    },
  ]);
  have(105);
  expect((await checked(plan({ reservedConcurrency: 5 }, ramp(900)))).warnings).toEqual([]);
});

test('a new account may have less memory than is asked for', async () => {
  have(50);
  const codes = async (memoryMb: number) =>
    (await checked(plan({ memoryMb }))).warnings.map(({ code }) => code);
  expect(await codes(3008)).toEqual([]);
  expect(await codes(3009)).toEqual(['account-memory']);
});

test('no region, no backend of AWS, expired credentials: one message, before all else', async () => {
  await expect(checked(plan(), { ...service.access, region: 'virginia' })).rejects.toThrow(
    new UsageError('--region: "virginia" is no AWS region; write one as us-east-1'),
  );
  await expect(checked(plan({ backend: 'rest' }))).rejects.toThrow(/^--backend: .* no rest/);
  service.refusal = {
    path: /^GET .*account-settings$/,
    status: 403,
    type: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  };
  await expect(checked()).rejects.toThrow(
    new UsageError(
      "cannot read the account's Lambda quotas: the AWS credentials have expired; log in again (aws sso login) or get new keys",
    ),
  );
});

test('an endpoint that stands in for AWS and tells no quota is believed, and it is said', async () => {
  service.refusal = {
    path: /^GET .*account-settings$/,
    status: 404,
    type: 'NotFound',
    message: 'Not yet implemented',
  };
  const { warnings } = await checked();
  expect(warnings.map(({ code }) => code)).toEqual(['account-quota-unknown']);
});
