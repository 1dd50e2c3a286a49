import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOwnBackend } from '../src/backends/own/own-backend.ts';
import { FLAGS } from '../src/backends/own/testing/own-files.ts';
import { packageRoot } from '../src/base/package-root.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { logsCollector } from '../src/collectors/logs/index.ts';
import { xrayCollector } from '../src/collectors/xray/index.ts';
import { startEmulator } from '../src/emulator/emulator.ts';
import { buildGo, hasGo } from '../src/emulator/testing/build-go.ts';
import { createK6Engine } from '../src/engines/k6/k6-engine.ts';
import { BUILD_TIMEOUT_MS, k6ForTests } from '../src/engines/k6/testing/engine-bench.ts';
import type { Endpoint } from '../src/model/endpoint.ts';
import type { OwnHandlers } from '../src/model/own-handler.ts';
import type { Cell, Fingerprint, Plan } from '../src/model/run.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';
import { executeRun } from '../src/pipeline/execute-run.ts';
import { provision } from '../src/pipeline/provision.ts';
import type { RunSettings, Tools } from '../src/pipeline/types.ts';
import { runFolder } from '../src/store/run-store.ts';
import { createLocalTarget } from '../src/targets/local/local-target.ts';
import { keptTexts, rows } from './kept.ts';

/** Handlers as users bring them, on the real emulator, and one of them under real load. */
const OWN = join(packageRoot(), 'fixtures/handlers/own');
const FINGERPRINT: Fingerprint = {
  os: 'linux',
  arch: 'x64',
  cpuModel: '',
  cores: 2,
  memoryMb: 4096,
  cpuMode: 'none',
  node: '24',
  k6: '2',
  k6Origin: '',
  tool: '0',
};

const supervisor = createSupervisor();
let cwd: string;
let tools: Omit<Tools, 'backends'>;
let settings: RunSettings;
let cells = 0;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-own-'));
  tools = {
    supervisor,
    target: createLocalTarget(await startEmulator({ supervisor })),
    engine: createK6Engine(await k6ForTests(supervisor)),
    collectors: [xrayCollector, logsCollector],
    fingerprint: FINGERPRINT,
  };
  settings = {
    keepRaw: false,
    requestTimeoutS: 10,
    maxVus: 50,
    headers: {},
    backendOptions: { postgresUrl: null, postgresConnections: null },
    cacheFolder: cwd,
    baseCode: null,
    guard: null,
    collectDeadlineMs: 30_000,
  };
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await tools?.target.close();
  await supervisor.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** A run of one handler; a file's name is one of fixtures/handlers/own. */
async function prepare(file: string, own: Partial<OwnHandlers> = {}, at: Partial<Endpoint> = {}) {
  const backend = await createOwnBackend({
    handlers: [{ name: 'mine', file: join(OWN, file), exportName: 'handler' }],
    runtime: 'nodejs24.x',
    environment: {},
    operations: join(OWN, 'operations'),
    variables: join(OWN, 'variables'),
    schema: null,
    named: FLAGS,
    ...own,
  });
  // Functions of one emulator have different names.
  cells += 1;
  const cell: Cell = {
    id: `own-${cells}`,
    endpoint: anEndpoint({
      backend: 'own',
      server: 'mine',
      dataset: backend.datasets[0] ?? '',
      runtime: own.runtime ?? 'nodejs24.x',
      ...at,
    }),
    profile: { kind: 'ramp', ratePerS: 20, warmUpS: 1, rampS: 1, holdS: 3 },
  };
  const operations = [...backend.operations];
  const plan: Plan = {
    target: 'local',
    cells: [cell],
    rounds: 1,
    seed: 1,
    operations,
    variants: [],
    slo: null,
    traceShare: 1,
    architecture: null,
    region: 'us-east-1',
    initProbes: 0,
    gate: null,
  };
  return { plan, tools: { ...tools, backends: new Map([['own', backend]]) } };
}

async function ready(...args: Parameters<typeof prepare>) {
  const job = await prepare(...args);
  return provision({ ...job, settings, sink: () => {}, signal: AbortSignal.timeout(60_000) });
}

async function refusal(...args: Parameters<typeof prepare>): Promise<string> {
  const error: unknown = await ready(...args).then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'UsageError' });
  return (error as Error).message;
}

/** An operations folder, or one of variables, of this test. */
function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(cwd, 'files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('before any load', () => {
  test.each(['rest-api', 'http-api', 'function-url', 'invoke'] as const)(
    'a handler that answers rightly is ready behind %s',
    async (front) => {
      const { cells: live, bundles } = await ready('graphql.ts', {}, { front });
      expect(live[0]?.operations.map(({ name }) => name)).toEqual(['UserById', 'users']);
      expect(bundles[0]?.bytes).toBeGreaterThan(100_000);
      expect(bundles[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  test('HTML is no answer', async () => {
    expect(await refusal('html.mjs')).toMatch(
      /UserById \(.*UserById\.graphql:2\), users \(.*\): answers HTML, not GraphQL: <!doctype html>/,
    );
  });

  test('a handler that throws while loading says so itself', async () => {
    const told = await refusal('throws-at-load.mjs');
    expect(told).toMatch(/answers 502: Internal server error/);
    expect(told).toMatch(/its log says\n.*Error: cannot find the certificate/);
    expect(told.match(/certificate/g)).toHaveLength(1);
  });

  test('a variable of the environment that is missing, and then is not', async () => {
    expect(await refusal('needs-variable.ts')).toContain('TABLE_NAME is not set');
    await ready('needs-variable.ts', { environment: { TABLE_NAME: 'x' } });
  });

  test('a token that is missing: the hint names the flag', async () => {
    expect(await refusal('needs-token.mjs')).toMatch(/answers 401: Unauthorized .*--header/);
  });

  test('GraphQL errors name the line in the file they are about, a fragment of another too', async () => {
    const operations = folder({
      'a.graphql': '# first\nquery Wrong {\n  users { ...Parts }\n}\n',
      'b.graphql': '\n\nfragment Parts on User {\n  id\n  nickname\n}\n',
      'c.graphql': '{ user(id: 9) { id } }',
      'd.graphql': '{ users { id } }',
    });
    const told = await refusal('graphql.ts', { operations, variables: null });
    expect(told).toContain('2 of 3 operations');
    expect(told).toMatch(/Wrong \(.*a\.graphql:2\): .*nickname.* \(.*b\.graphql:5\)/);
    expect(told).toMatch(/c \(.*c\.graphql:1\): .*there is no user 9 at user \(.*c\.graphql:1\)/);
    expect(told).not.toContain('d.graphql');
  });

  test('a wrong answer names the first path that differs', async () => {
    const operations = folder({ 'Two.graphql': '{ users(first: 2) { name id } }' });
    const expected = {
      users: [
        { id: '1', name: 'Ada' },
        { id: '2', name: 'Bob' },
      ],
    };
    const variables = folder({ 'Two.json': JSON.stringify([{ expected }]) });
    expect(await refusal('graphql.ts', { operations, variables })).toMatch(
      /expected: data\.users\.1\.name is "Béla, \\"the 2nd\\"", expected "Bob"/,
    );
  });
});

describe('under load', () => {
  test('a handler without X-Ray: every answer right, and the report says what is missing', async () => {
    const job = await prepare('needs-variable.ts', {
      environment: { TABLE_NAME: 'a-secret-of-the-environment' },
      schema: join(OWN, 'schema.graphql'),
    });
    const path = join(cwd, 'results');
    const run = runFolder(path, 'run');
    const { failure, analysis } = await executeRun({
      ...job,
      folder: run,
      createdAt: new Date(),
      settings: { ...settings, headers: { authorization: 'a-secret-of-the-headers' } },
      warnings: [],
      sink: () => {},
      signal: AbortSignal.timeout(120_000),
    });
    expect(failure).toBe(null);
    const [trial] = run.trials();
    expect(trial?.read()?.warnings).toContainEqual(
      expect.objectContaining({ code: 'no-backend-spans', severity: 'note' }),
    );
    expect(analysis?.warnings.map(({ code }) => code)).toContain('no-backend-spans');
    const [counts] = await rows(`
      SELECT count(*)::INT AS requests, count(DISTINCT r.operation)::INT AS operations,
        count(*) FILTER (r.outcome = 'ok')::INT AS ok, max(b.backend_us)::INT AS backend,
        min(b.handler_us) > 0 AS handled
      FROM '${trial?.path}/requests.parquet' r
      JOIN '${trial?.path}/breakdown.parquet' b USING (join_key)`);
    expect(counts).toMatchObject({ operations: 2, backend: 0, handled: true });
    expect(counts?.ok).toBe(counts?.requests);
    expect(readFileSync(run.reportPath, 'utf8')).toContain('no trace holds a call of the handler');
    for (const kept of await keptTexts(path)) {
      for (const secret of ['a-secret-of-the', OWN]) {
        expect(kept.text.includes(secret), `${secret} in ${kept.path}`).toBe(false);
      }
    }
  }, 120_000);
});

describe.skipIf(!hasGo)(hasGo ? 'an executable' : 'an executable: NOT TRIED, no go here', () => {
  test('answers by the runtime client of its language', async () => {
    const build = mkdtempSync(join(cwd, 'go-'));
    buildGo('own/go-graphql', join(build, 'mine'));
    const own = {
      handlers: [{ name: 'mine', file: join(build, 'mine'), exportName: '' }],
      runtime: 'provided.al2023' as const,
      operations: folder({ 'One.graphql': 'query One($id: ID!) { user(id: $id) { id } }' }),
      variables: folder({
        'One.json': '[{"variables": {"id": "7"}, "expected": {"user": {"id": "7"}}}]',
      }),
    };
    const { cells: live } = await ready('', own);
    expect(live[0]?.endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1/);
  }, 300_000);
});
