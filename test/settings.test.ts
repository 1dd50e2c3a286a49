import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runBench } from './bench.ts';
import { keptTexts } from './kept.ts';

const ROOT = join(import.meta.dirname, '..');
const HANDLER = `export const handler = async (event: { headers: Record<string, string> }) => ({
  statusCode: event.headers['x-key'] === 'geheim' ? 200 : 401,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ data: { __typename: 'Query' } }),
});`;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-settings-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
}

const env = (more: Record<string, string>) => ({ ...process.env, ...more });

describe('bench plan', () => {
  test('says what would be measured and where each value came from, and leaves nothing behind', async () => {
    write({
      'bench.config.ts': `
        import { defineConfig } from 'graphql-lambda-bench';
        export default defineConfig({
          memory: [512, 1024],
          headers: { authorization: 'Bearer \${TOKEN}' },
          scenario: { kind: 'ramp', hold: '5s' },
        });`,
    });
    const flags = ['plan', '--front', 'rest-api,function-url', '--rounds', '60'];
    const { code, stdout, stderr } = await runBench(flags, cwd, env({ TOKEN: 'geheim' }));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/memory +512, 1024 +bench\.config\.ts: memory/);
    expect(stdout).toMatch(/front +rest-api, function-url +--front/);
    expect(stdout).toMatch(/backend +dynamo +default/);
    expect(stdout).toMatch(/headers +authorization +bench\.config\.ts/);
    expect(stdout).toContain('dynamo-512-function-url-apollo-x1-ramp');
    expect(stdout).toMatch(/240 trials, about 76 m .*without starting and seeding\nrun asks first/);
    expect(stdout).not.toContain('geheim');
    expect(readdirSync(cwd)).toEqual(['bench.config.ts']);
  });

  test('as JSON has every cell', async () => {
    const { stdout } = await runBench(['plan', '--memory', '512,1024', '--json'], cwd);
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ version: 1, trials: 2, expectedS: 68, asksFirst: false });
    expect(plan.cells).toHaveLength(2);
    expect(plan.settings).toContainEqual({
      name: 'memory',
      flag: '--memory',
      value: ['512', '1024'],
      source: '--memory',
    });
  });

  test('says what is known of a burst before the host was measured, and what a preset comes to', async () => {
    write({ 'bench.config.json': '{ "rounds": 3, "reservedConcurrency": ["none", 10] }' });
    const flags = ['--scenario', 'burst', '--preset', 'standard', '--slo', 'p99=100ms'];
    const { stdout } = await runBench(['plan', ...flags], cwd);
    expect(stdout).toMatch(
      /rate +what this host can initialise \(measured when the run begins\) +default/,
    );
    expect(stdout).toMatch(/slo +p99=100ms +--slo/);
    expect(stdout).toMatch(/reservedConcurrency +none, 10 +bench\.config\.json: reserved/);
    expect(stdout).toContain('left out: rounds of the configuration, as --preset is given');
    expect(stdout).toContain('dynamo-1024-rest-api-apollo-rc10-x1-burst');
    expect(stdout).toContain('10 trials, about 3 m 30 s (2 × 5 rounds)');
    const cold = await runBench(['plan', '--scenario', 'cold'], cwd);
    expect(cold.stdout).toMatch(/coldStarts +20 +default/);
    expect(cold.stdout).not.toContain('maxVus');
  });

  test('of many cells counts them by factor', async () => {
    const memory = Array.from({ length: 50 }, (_, index) => 128 + index).join(',');
    const { stdout } = await runBench(['plan', '--memory', memory], cwd);
    expect(stdout).toContain('50 cells');
    expect(stdout).toMatch(/memoryMb +128 × 1, 129 × 1/);
    expect(stdout.match(/^ {2}dynamo-/gm)).toHaveLength(8);
  });

  test('says which settings a flag made meaningless', async () => {
    write({
      'bench.config.json': '{ "backend": "dynamo", "weights": { "UserProfile": 1 } }',
      'api.ts': HANDLER,
      'ops/a.graphql': 'query A { __typename }',
    });
    const flags = ['plan', '--handler', 'api.ts', '--operations', 'ops', '--memory', '128'];
    const { stdout, stderr } = await runBench(flags, cwd);
    expect(stderr).toBe('');
    expect(stdout).toContain('left out: backend of the configuration, as --handler is given');
    expect(stdout).toContain('left out: weights of the configuration, as --handler is given');
    expect(stdout).toMatch(/own-128-rest-api-api-ops-ramp/);
  });
});

test.each<[string[], string, RegExp]>([
  [['plan'], 'export default { memry: 1 };', /^bench: bench\.config\.ts: .*did you mean "memory"/],
  [['run'], 'export default {\n  memory 1\n};', /^bench: bench\.config\.ts:2: Expected/],
  [['run'], "throw new Error('no');", /^bench: bench\.config\.ts:1: no\n$/],
  [
    ['run'],
    `export default { headers: { a: '\${NOT_SET_HERE}' } };`,
    /headers a: .*NOT_SET_HERE is not set/,
  ],
  [['run', '--rounds', '101'], 'export default {};', /this is 101 trials, about 57 m .*--yes/],
  [['run', '--hold', '2h'], 'export default {};', /this is 1 trial, about 2 h 00 m.*--yes/],
  [
    ['plan'],
    `export default { handler: 'bench.config.ts', operations: 'bench.config.ts' };`,
    /^bench: bench\.config\.ts: operations: .* is not a \.graphql or \.gql file/,
  ],
  [
    ['run', '--preset', 'quick', '--rounds', '3'],
    'export default {};',
    /--preset: quick is 1 round/,
  ],
  [
    ['plan', '--provisioned-concurrency', '5'],
    'export default { reservedConcurrency: 4 };',
    /bench\.config\.ts: reservedConcurrency: 4 is less than the 5 of --provisioned-concurrency/,
  ],
  [['plan'], "export default { scenario: { kind: 'cold', rate: 5 } };", /scenario: .*"rate"/],
  [['run', '--config', 'none.ts'], '', /--config: there is no file/],
  [['run', '--handler', 'bench.config.ts'], 'export default {};', /--handler needs --operations/],
])('%j with %j ends with one message before anything starts', async (args, text, message) => {
  write({ 'bench.config.ts': text });
  const { code, stdout, stderr } = await runBench(args, cwd);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(2);
  expect(readdirSync(cwd)).toEqual(['bench.config.ts']);
});

test('a mistyped flag is refused without its value, which may be a secret', async () => {
  const { code, stderr } = await runBench(['run', "--headr=authorization: it's secret"], cwd);
  expect(stderr).toBe("error: unknown option '--headr'\n(see --help)\n");
  expect(code).toBe(2);
});

test('runs are looked for where the configuration keeps them', async () => {
  write({ 'bench.config.json': '{ "results": "./kept" }' });
  expect((await runBench(['ls'], cwd)).stderr).toMatch(/no runs in \/.*\/kept: make one/);
  expect((await runBench(['report'], cwd)).stderr).toMatch(/no runs in \/.*\/kept: make one/);
  const named = await runBench(['ls', '--results', 'here'], cwd);
  expect(named.stderr).toMatch(/no runs in \/.*\/here: make one/);
});

describe('bench init', () => {
  test('writes what runs at once, with a handler that is found and an operation of its own', async () => {
    write({ 'src/graphql.ts': HANDLER, 'package.json': '{ "type": "module" }' });
    const init = await runBench(['init', '--yes'], cwd);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(init.stdout).toMatch(
      /wrote bench\.config\.ts\nwrote bench\/operations\/Example\.graphql/,
    );
    const plan = await runBench(['plan'], cwd);
    expect(plan.stdout).toMatch(/handler +src\/graphql\.ts#handler +bench\.config\.ts/);
    expect(plan.stdout).toContain('own-512-function-url-graphql-operations-ramp');

    const flags = ['--memory', '1024', '--scenario', 'users', '--users', '10', '--over', '1s'];
    const run = await runBench(
      ['run', ...flags, '--header', `x-key: \${KEY}`, '--json'],
      cwd,
      env({ KEY: 'geheim' }),
    );
    expect(run.code, run.stderr).toBe(0);
    const { cells } = JSON.parse(run.stdout);
    expect(cells[0]).toMatchObject({ requests: 10, outcomes: { ok: 10 } });
    for (const { path, text } of await keptTexts(join(cwd, 'results'))) {
      expect(text.includes('geheim'), path).toBe(false);
    }
  }, 90_000);

  test('writes what type-checks', async () => {
    write({ 'src/handler.ts': HANDLER, 'package.json': '{ "type": "module" }' });
    await runBench(['init', '--yes'], cwd);
    // As it is where the package is installed.
    write({
      'tsconfig.json': JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: {
          paths: { 'graphql-lambda-bench': [join(ROOT, 'src/index.ts')] },
          typeRoots: [join(ROOT, 'node_modules/@types')],
        },
        include: ['bench.config.ts'],
      }),
    });
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['-p', cwd]);
  }, 60_000);

  test('without a handler measures the reference API', async () => {
    const init = await runBench(['init', '--yes'], cwd);
    expect(init.stdout).toContain('no handler of yours');
    const plan = await runBench(['plan'], cwd);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toMatch(/backend +dynamo +bench\.config\.ts/);
    expect(existsSync(join(cwd, 'bench'))).toBe(false);
  });

  test('overwrites only when told to', async () => {
    write({ 'bench.config.ts': '// mine', 'api.mjs': HANDLER });
    const refused = await runBench(['init', '--yes'], cwd);
    expect(refused.stderr).toBe(
      'bench: bench.config.ts is here already; overwrite it with --force\n',
    );
    expect(refused.code).toBe(2);
    expect(readFileSync(join(cwd, 'bench.config.ts'), 'utf8')).toBe('// mine');
    await runBench(['init', '--yes', '--force', '--handler', './api.mjs'], cwd);
    expect(readFileSync(join(cwd, 'bench.config.ts'), 'utf8')).toContain(
      "handler: './api.mjs#handler'",
    );
  });

  test('refuses a handler that is no file', async () => {
    const { code, stderr } = await runBench(['init', '--handler', 'nothing.js'], cwd);
    expect(stderr).toMatch(/^bench: --handler: there is no file .*nothing\.js\n$/);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
