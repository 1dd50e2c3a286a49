import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient, ListLayersCommand } from '@aws-sdk/client-lambda';
import { BatchGetTracesCommand, GetGroupsCommand, XRayClient } from '@aws-sdk/client-xray';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';

let tested: TestEmulator;
let options: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
};

beforeAll(async () => {
  tested = await startTestEmulator();
  const { region, awsEndpoint: endpoint, credentials } = tested.emulator;
  options = { region, endpoint, credentials, maxAttempts: 1 };
});
afterAll(() => tested.close());

test('an operation that is not there is unknown in every protocol', async () => {
  const unknown = { name: 'UnknownOperationException', $metadata: { httpStatusCode: 404 } };
  await expect(new LambdaClient(options).send(new ListLayersCommand({}))).rejects.toMatchObject(
    unknown,
  );
  await expect(new XRayClient(options).send(new GetGroupsCommand({}))).rejects.toMatchObject(
    unknown,
  );
  await expect(
    new CloudWatchLogsClient(options).send(new DescribeMetricFiltersCommand({})),
  ).rejects.toMatchObject(unknown);
  await expect(
    new CloudWatchClient(options).send(new DescribeAlarmsCommand({})),
  ).rejects.toMatchObject(unknown);
});

test('only requests signed with the run’s keys are answered', async () => {
  const { accessKeyId, secretAccessKey } = options.credentials;
  const wrongSecret = new XRayClient({
    ...options,
    credentials: { accessKeyId, secretAccessKey: `${secretAccessKey}x` },
  });
  await expect(wrongSecret.send(new BatchGetTracesCommand({ TraceIds: [] }))).rejects.toMatchObject(
    {
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    },
  );
  const wrongKey = new CloudWatchLogsClient({
    ...options,
    credentials: { accessKeyId: 'AKIAX', secretAccessKey },
  });
  await expect(
    wrongKey.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f' })),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  const unsigned = await fetch(`${options.endpoint}/Traces`, { method: 'POST', body: '{}' });
  expect(unsigned.status).toBe(403);
  expect(unsigned.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
});

test('a body that was changed after signing is refused', async () => {
  const changed = new LambdaClient(options);
  changed.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: unknown; headers: Record<string, string> };
      request.body = '{"changed":1}';
      request.headers['content-length'] = '13';
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const sent = changed.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{}') }));
  await expect(sent).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});
