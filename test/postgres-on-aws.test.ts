import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { postgresOnAws } from '../src/backends/postgres/on-aws.ts';
import { type RdsLike, READER, startRdsLike } from '../src/backends/postgres/testing/rds-like.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../src/emulator/emulator.ts';
import type { Deployment } from '../src/model/deployment.ts';
import { type Moto, pythonTool, startMoto } from './python.ts';

const RUN = '20261120-191500-x7f2';
const hasMoto = pythonTool('moto_server') !== null;
const supervisor = createSupervisor();
let rds: RdsLike;
let emulator: Emulator;
let moto: Moto;

beforeAll(async () => {
  if (!hasMoto) return;
  [rds, emulator, moto] = await Promise.all([
    startRdsLike(supervisor),
    startEmulator({ supervisor }),
    startMoto(),
  ]);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', emulator.awsEndpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', moto.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await moto?.stop();
  await emulator?.close();
  await rds?.stop();
  await supervisor.close();
});

// The function itself, its role's password and a real PostgreSQL; without the network around them.
test.skipIf(!hasMoto)(
  'the seeder in a Lambda fills PostgreSQL by the secret’s password',
  async () => {
    const { region, credentials } = emulator;
    const seeder = await postgresOnAws.seeder(supervisor.ownFolder('bench-test-seeder'));
    await emulator.functions.create({
      name: `bench-${RUN}-seeder`,
      runtime: 'nodejs24.x',
      codeFolder: seeder?.codeFolder ?? '',
      handler: { file: 'index.cjs', exportName: 'handler' },
      memoryMb: 1769,
      timeoutS: 900,
      environment: { DATABASE_URL: `postgresql://${READER}@127.0.0.1:${rds.port}/postgres` },
    });
    await new SecretsManagerClient({ region, credentials }).send(
      new CreateSecretCommand({
        Name: `bench-${RUN}-postgres`,
        SecretString: JSON.stringify(rds.master),
      }),
    );
    const steps: string[] = [];
    const seed = () =>
      postgresOnAws.seed({
        access: { region, credentials, endpoint: null },
        signal: new AbortController().signal,
        progress: (text) => steps.push(text),
        deployment: { run: RUN } as Deployment,
        asked: [{ dataset: { name: 'x1', indexed: true }, function: null as never }],
      });
    await seed();
    await seed();
    expect(steps).toEqual([
      'seeding PostgreSQL with x1 (indexed)',
      expect.stringMatching(
        /^x1 \(indexed\): 5,000 tweets in \d+\.\d s, \d+ connections for environments$/,
      ),
      'seeding PostgreSQL with x1 (indexed)',
      expect.stringMatching(/^x1 \(indexed\): 5,000 tweets were there, \d+ connections for /),
    ]);
  },
);
