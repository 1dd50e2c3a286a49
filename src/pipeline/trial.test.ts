import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ToolError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { CSV_HEADER, csvRows } from '../merge/testing/known-request.ts';
import { knownRequests } from '../merge/testing/raw-trial.ts';
import type { Front } from '../model/endpoint.ts';
import { RAW_FILES } from '../model/raw.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { runFolder } from '../store/run-store.ts';
import { runTrial } from './trial.ts';

let results: string;
beforeAll(() => {
  results = mkdtempSync(join(tmpdir(), 'bench-trial-'));
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

type Tools = Parameters<typeof runTrial>[0]['tools'];

/** Five requests, two of which were throttled, up to the collection. */
async function reportsExpected(front: Front, throttledAs: number): Promise<number> {
  const requests = knownRequests(5, seededRandom(1)).map((request, index) =>
    index < 2 ? { ...request, status: throttledAs, outcome: 'http_error' as const } : request,
  );
  let expected = Number.NaN;
  const tools = {
    target: { beginTrial: async () => {}, endTrial: async () => ({ throttles: 2 }) },
    engine: {
      async run({ rawFolder }: { rawFolder: string }) {
        const csv = `${CSV_HEADER}\n${requests.map(csvRows).join('')}`;
        writeFileSync(join(rawFolder, RAW_FILES.k6Samples), csv);
        return { facts: null, warnings: [] };
      },
    },
    collectors: [
      {
        async collect(job: { expectedReports: number }) {
          expected = job.expectedReports;
          throw new ToolError('seen');
        },
      },
    ],
  } as unknown as Tools;
  const cell = {
    id: 'c',
    endpoint: anEndpoint({ front }),
    profile: { kind: 'users', users: 5, overS: 1 },
  } as const;
  const endpoint = { front, url: '', asEvent: false, signing: null, headers: {} };
  const job = {
    live: { cell, endpoint, operations: [], backend: {} },
    folder: runFolder(results, front).trialFolder('c', 1),
    seed: 1,
    tools,
    settings: {},
    sink: () => {},
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof runTrial>[0];
  await expect(runTrial(job)).rejects.toThrow('seen');
  return expected;
}

test.each([
  ['rest-api', 500],
  ['http-api', 500],
  ['function-url', 429],
  ['invoke', 429],
] as const)('no REPORT line is waited for of throttles behind %s', async (front, status) => {
  expect(await reportsExpected(front, status)).toBe(3);
});

test('keys that would expire before its end stop a trial before anything of it begins', async () => {
  const told = {
    Version: 1,
    AccessKeyId: 'AKIDTOLD',
    SecretAccessKey: 'the-secret',
    Expiration: new Date(Date.now() + 70_000).toISOString(),
  };
  writeFileSync(join(results, 'told'), JSON.stringify(told));
  const command = `cat ${join(results, 'told')}`;
  writeFileSync(join(results, 'config'), `[profile p]\ncredential_process = ${command}\n`);
  vi.stubEnv('AWS_CONFIG_FILE', join(results, 'config'));
  vi.stubEnv('AWS_PROFILE', 'p');
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const begun = vi.fn();
  const signing = { service: 'execute-api', region: 'eu-west-1' };
  const aws = { region: 'eu-west-1', endpoint: null, credentials: null };
  const cell = {
    id: 'signed',
    endpoint: anEndpoint(),
    profile: { kind: 'users', users: 5, overS: 9 },
  };
  const folder = runFolder(results, 'signed').trialFolder('signed', 1);
  const job = {
    live: { cell, endpoint: { url: 'x', signing, aws }, operations: [], backend: {} },
    folder,
    seed: 1,
    tools: { target: { beginTrial: begun }, engine: { run: begun }, collectors: [] },
    settings: { requestTimeoutS: 10 },
    sink: () => {},
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof runTrial>[0];
  try {
    await expect(runTrial(job)).rejects.toThrow(
      /the AWS credentials expire in \d+ s and this trial takes up to 79 s/,
    );
  } finally {
    vi.unstubAllEnvs();
  }
  expect(begun).not.toHaveBeenCalled();
  expect(folder.read()).toMatchObject({ status: 'failed', warnings: [{ code: 'trial-failed' }] });
});
