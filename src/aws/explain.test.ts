import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ToolError, UsageError } from '../base/errors.ts';
import type { AwsAccess } from '../model/ports.ts';
import { explained } from './explain.ts';

/** Answers every request with what the path's first part of the endpoint says. */
let server: Server;
let answer: { status: number; type: string; message: string };
let access: AwsAccess;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(answer.status, { 'x-amzn-errortype': answer.type });
    response.end(JSON.stringify({ message: answer.message }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  access = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function thrownBySdk(of: AwsAccess = access): Promise<unknown> {
  const { region, endpoint, credentials } = of;
  const client = new LambdaClient({
    region,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: 1,
  });
  try {
    await client.send(new GetAccountSettingsCommand({}));
  } catch (error) {
    return error;
  } finally {
    client.destroy();
  }
  throw new Error('it did not fail');
}

const TOKEN = 'FwoGZXIvYXdzEBYaDHq'.repeat(20);
const CASES: [string, number, string, typeof UsageError | typeof ToolError, string][] = [
  [
    'ExpiredTokenException',
    403,
    'The security token included in the request is expired',
    UsageError,
    'the AWS credentials have expired; log in again (aws sso login) or get new keys',
  ],
  [
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
    UsageError,
    'AWS does not know these credentials; check AWS_PROFILE or AWS_ACCESS_KEY_ID (and that the account has enabled the region)',
  ],
  [
    'InvalidSignatureException',
    403,
    `The request signature we calculated does not match. The Canonical String should have been 'x-amz-security-token:${TOKEN}'`,
    UsageError,
    'the secret key does not fit the access key; check AWS_SECRET_ACCESS_KEY',
  ],
  [
    'InvalidSignatureException',
    403,
    'Signature expired: 20261120T191500Z is now earlier than 20261120T201500Z',
    UsageError,
    "AWS refuses the time of the request; set this machine's clock",
  ],
  [
    'AccessDeniedException',
    403,
    'User: arn:aws:iam::1:user/x is not authorized to perform: lambda:GetAccountSettings because no identity-based policy allows the lambda:GetAccountSettings action',
    UsageError,
    'these credentials have no right to lambda:GetAccountSettings; "bench policy" prints the rights that are needed',
  ],
  [
    'AccessDeniedException',
    403,
    'User: x is not authorized to perform: lambda:GetAccountSettings with an explicit deny in a service control policy',
    UsageError,
    'these credentials have no right to lambda:GetAccountSettings (explicit deny in a service control policy); "bench policy" prints the rights that are needed',
  ],
  [
    'AccessDeniedException',
    403,
    'Access Denied',
    UsageError,
    'these credentials have no right to it (Access Denied); "bench policy" prints the rights that are needed',
  ],
  [
    'TooManyRequestsException',
    429,
    'Rate exceeded',
    ToolError,
    'AWS throttles it, after 1 attempt; try again later (TooManyRequestsException)',
  ],
  ['ServiceException', 400, `of ${TOKEN}.`, ToolError, 'of … (ServiceException)'],
  [
    'InvalidParameterValueException',
    400,
    `too large. String measured: {"PASSWORD":"secret"}`,
    ToolError,
    'too large. String measured: {…} (InvalidParameterValueException)',
  ],
];

test.each(CASES)('%s (%i) is told', async (type, status, message, kind, words) => {
  answer = { status, type, message };
  const told = explained(await thrownBySdk(), 'ask for the quotas');
  expect(told).toBeInstanceOf(kind);
  expect(told).toMatchObject({ message: `cannot ask for the quotas: ${words}` });
});

test('credentials that are not there, a region that is none, an address where nothing listens', async () => {
  const told = async (own: Partial<AwsAccess>) =>
    explained(await thrownBySdk({ ...access, ...own }), 'ask');
  // An own provider in place of the machine's: what the SDK's default chain ends with.
  const { CredentialsProviderError } = await import('@smithy/core/config');
  const none = new CredentialsProviderError('Could not load credentials from any providers');
  expect(explained(none, 'ask')).toEqual(
    new UsageError(
      'cannot ask: there are no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (aws sso login)',
    ),
  );
  expect(await told({ region: 'us east', endpoint: null })).toEqual(
    new UsageError('cannot ask: --region: that is no AWS region'),
  );
  expect(await told({ endpoint: 'http://127.0.0.1:9' })).toEqual(
    new ToolError('cannot ask: nothing listens there (ECONNREFUSED)'),
  );
  const lost = new Error('getaddrinfo ENOTFOUND sts.us-east-7.amazonaws.com');
  expect(explained(Object.assign(lost, { code: 'ENOTFOUND' }), 'ask')).toEqual(
    new UsageError(
      'cannot ask: sts.us-east-7.amazonaws.com does not exist; check --region (and AWS_ENDPOINT_URL), or that there is a network',
    ),
  );
});

test('what is ours, or a defect, comes back as it is', () => {
  const ours = new ToolError('no');
  const defect = new TypeError('x is not a function');
  expect(explained(ours, 'ask')).toBe(ours);
  expect(explained(defect, 'ask')).toBe(defect);
});
