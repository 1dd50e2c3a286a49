import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { Engine } from '../../model/ports.ts';
import type { AwsCredentials, Signing } from '../../model/scenario.ts';
import { createK6Engine } from './k6-engine.ts';
import {
  BUILD_TIMEOUT_MS,
  k6ForTests,
  operation,
  planOf,
  rawFolderIn,
} from './testing/engine-bench.ts';
import { readK6Csv } from './testing/k6-csv.ts';
import { type SignedServer, startSignedServer } from './testing/signed-server.ts';

const supervisor = createSupervisor();
let engine: Engine;
let server: SignedServer | undefined;
beforeAll(async () => {
  engine = createK6Engine(await k6ForTests(supervisor));
}, BUILD_TIMEOUT_MS);
afterEach(() => server?.close());
afterAll(() => supervisor.close());

const KEYS: AwsCredentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'a/secret+key',
  sessionToken: 'a+session/token==',
  expiresAtMs: null,
};

/** What a second of load, signed with these keys, is answered; the server knows KEYS. */
async function said(signing: Signing, credentials: AwsCredentials): Promise<string[]> {
  server = await startSignedServer(KEYS, { service: 'execute-api', region: 'eu-west-1' });
  const rawFolder = rawFolderIn(supervisor);
  const profile = { kind: 'closed', vus: 2, thinkTimeS: 0.2, warmUpS: 0, rampS: 0, holdS: 0.5 };
  const plan = planOf(server.url, profile as never, [operation('A', ['1', 'é'])], { signing });
  const { signal } = new AbortController();
  const job = { plan, credentials, rawFolder, supervisor, signal, progress: () => {} };
  await engine.run(job);
  const rows = readK6Csv(rawFolder).rows.filter((row) => row.metric === 'graphql_request');
  expect(rows.length).toBeGreaterThan(2);
  return [...new Set(rows.map(({ tags, metadata }) => metadata.error ?? tags.outcome ?? ''))];
}

test('a front of IAM answers what k6 signs, whatever its address', async () => {
  expect(await said({ service: 'execute-api', region: 'eu-west-1' }, KEYS)).toEqual(['ok']);
  expect(server?.accepted.length).toBeGreaterThan(2);
});

test('and nothing that is signed for another service', async () => {
  expect(await said({ service: 'lambda', region: 'eu-west-1' }, KEYS)).toEqual([
    'status 403: Credential should be scoped to a valid region.',
  ]);
});
