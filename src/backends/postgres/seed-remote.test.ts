import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Moto, pythonTool, startMoto } from '../../../test/python.ts';
import { InterruptedError } from '../../base/errors.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { seedRemote } from './seed-remote.ts';

const PASSWORD = 'a-"password"-of-moto';
/** Stands where the seeder stands: tells what it was asked, or fails as its event's data set says. */
const SEEDER = `
exports.handler = async ({ datasets: [{ name, indexed }], admin }) => {
  if (name === 'fails') throw new Error('not for ' + admin.username + ' with ' + admin.password);
  if (name === 'strange') return { rows: 1 };
  if (name === 'hangs') await new Promise((resolve) => setTimeout(resolve, 60_000));
  return {
    schemas: [{ name, schema: 's', made: indexed, tweets: 5000, seconds: admin.password.length }],
    connections: { max: 100, taken: 5 },
  };
};`;

const supervisor = createSupervisor();
let emulator: Emulator;
let moto: Moto;

const hasMoto = pythonTool('moto_server') !== null;
beforeAll(async () => {
  if (!hasMoto) return;
  const codeFolder = supervisor.ownFolder('bench-test-seeder');
  writeFileSync(join(codeFolder, 'index.cjs'), SEEDER);
  [emulator, moto] = await Promise.all([startEmulator({ supervisor }), startMoto()]);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', emulator.awsEndpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', moto.endpoint);
  for (const run of ['r', 'odd', 'slow']) {
    await emulator.functions.create({
      name: `bench-${run}-seeder`,
      runtime: 'nodejs24.x',
      codeFolder,
      handler: { file: 'index.cjs', exportName: 'handler' },
      memoryMb: 1769,
      timeoutS: run === 'slow' ? 1 : 900,
      environment: {},
    });
  }
  const { region, credentials } = emulator;
  const client = new SecretsManagerClient({ region, credentials });
  const kept = { username: 'bench_admin', password: PASSWORD };
  for (const [run, SecretString] of Object.entries({
    r: JSON.stringify(kept),
    slow: JSON.stringify(kept),
    odd: `"${PASSWORD}" and more`,
  })) {
    await client.send(new CreateSecretCommand({ Name: `bench-${run}-postgres`, SecretString }));
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await moto?.stop();
  await emulator?.close();
  await supervisor.close();
});

function seeding(names: string[], own: { run?: string; signal?: AbortSignal } = {}) {
  const { region, credentials } = emulator;
  const steps: string[] = [];
  const done = seedRemote({
    access: { region, credentials, endpoint: null },
    run: own.run ?? 'r',
    datasets: names.map((name, index) => ({ name, indexed: index === 0 })),
    progress: (text) => steps.push(text),
    signal: own.signal ?? new AbortController().signal,
  });
  return { steps, done };
}

test.skipIf(!hasMoto)(
  'each data set is a call of its own, with the secret in its event',
  async () => {
    const { steps, done } = seeding(['x1', 'x100']);
    await done;
    expect(steps).toEqual([
      'seeding PostgreSQL with x1 (indexed), 1 of 2',
      // The stub's seconds are the password's length: it got it.
      `x1 (indexed): 5,000 tweets in ${PASSWORD.length}.0 s, 95 connections for environments`,
      'seeding PostgreSQL with x100 (keys only), 2 of 2',
      'x100 (keys only): 5,000 tweets were there, 95 connections for environments',
    ]);
  },
);

test.skipIf(!hasMoto).each([
  [
    'a seeder that fails',
    ['fails'],
    {},
    'PostgreSQL could not be seeded with fails (indexed): not for bench_admin with … (its log: /aws/lambda/bench-r-seeder)',
  ],
  [
    'a seeder out of time',
    ['hangs'],
    { run: 'slow' },
    /timed out.*\/aws\/lambda\/bench-slow-seeder/,
  ],
  ['a seeder of another version', ['strange'], {}, /answered what this version of bench does not/],
  ['no secret', ['x1'], { run: 'gone' }, /cannot be read from the secret bench-gone-postgres in /],
  ['a secret of another kind', ['x1'], { run: 'odd' }, /bench-odd-postgres in .*not of our kind$/],
])('%s is told in words without the password', async (_, names, own, message) => {
  const error = await seeding(names, own).done.catch((thrown) => thrown);
  expect(error.name).toBe('ToolError');
  expect(error.message).toMatch(message);
  expect(JSON.stringify([error.message, error.stack, error.cause ?? null])).not.toMatch(
    /password"-of-moto/,
  );
});

test.skipIf(!hasMoto)('an interrupt ends the waiting with its reason', async () => {
  const controller = new AbortController();
  const { done, steps } = seeding(['hangs'], { signal: controller.signal });
  await vi.waitUntil(() => steps.length > 0);
  controller.abort(new InterruptedError('SIGINT'));
  await expect(done).rejects.toThrow(InterruptedError);
});
