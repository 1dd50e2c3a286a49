import {
  CreateAliasCommand,
  GetAliasCommand,
  type LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Moto, pythonTool, startMoto } from '../../../test/python.ts';
import { lambdaClient } from '../../aws/clients.ts';
import { renewFunction } from '../../aws/renew-function.ts';
import { makeFunction, motoAccess } from '../../aws/testing/moto-function.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { pointToNewVersion } from './new-version.ts';
import { preflight } from './preflight/preflight.ts';
import { aPreparedCell } from './testing/prepared.ts';

const { signal } = new AbortController();

describe.skipIf(pythonTool('moto_server') === null)('moto', () => {
  let moto: Moto;
  let access: AwsAccess;
  let client: LambdaClient;
  beforeAll(async () => {
    moto = await startMoto();
    access = motoAccess(moto.endpoint);
    client = await lambdaClient(access, 1);
  });
  afterAll(async () => {
    client.destroy();
    await moto.stop();
  });

  test('says whose the keys are', async () => {
    const facts = await preflight(access, { cells: [aPreparedCell().cell] }, { signal });
    expect(facts).toMatchObject({
      account: '123456789012',
      arn: 'arn:aws:sts::123456789012:user/moto',
      // It has no GetAccountSettings.
      warnings: [{ code: 'account-quota-unknown' }],
    });
  });

  test('an alias gets a version of its own for each trial, and keeps no version of before', async () => {
    const of = { FunctionName: 'f' };
    await makeFunction(access, 'f', { TABLE: 't' });
    await client.send(new PublishVersionCommand(of));
    await client.send(new CreateAliasCommand({ ...of, Name: 'live', FunctionVersion: '1' }));
    const live = async () =>
      (await client.send(new GetAliasCommand({ ...of, Name: 'live' }))).FunctionVersion;
    // One more, and moto would give a number again that it had given before.
    for (const version of ['2', '3']) {
      await renewFunction(access, 'f', { settleMs: 0, signal });
      await pointToNewVersion(client, { functionName: 'f', qualifier: 'live' }, signal);
      expect(await live()).toBe(version);
    }
    const { Versions } = await client.send(new ListVersionsByFunctionCommand(of));
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '3']);
    const kept = Versions?.at(-1)?.Environment?.Variables;
    expect(kept).toEqual({ TABLE: 't', BENCH_RENEWED: '2' });
  });
});
