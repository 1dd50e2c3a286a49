import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
}

describe('a configuration', () => {
  test('is none where there is no file', async () => {
    expect(await loadConfig(undefined, cwd)).toBe(null);
  });

  test('in TypeScript imports our entry, its own files and packages', async () => {
    write({
      'bench.config.ts': `
        import { defineConfig } from 'graphql-lambda-bench';
        import { sizes } from 'sizes';
        import least from 'sizes/least.json';
        import { ops } from './shared/ops.ts';
        const rounds: number = 3;
        export default defineConfig({ memory: [least, ...sizes], operations: ops, handler: 'h.js', rounds });`,
      'shared/ops.ts': `export const ops: string = './ops';`,
      'node_modules/sizes/package.json':
        '{"name":"sizes","type":"module","exports":{".":"./sizes.js","./*":"./*"}}',
      // Not bundled: a package finds its own files.
      'node_modules/sizes/sizes.js': `
        import { readFileSync } from 'node:fs';
        export const sizes = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8'));`,
      'node_modules/sizes/sizes.json': '[512, 1024]',
      'node_modules/sizes/least.json': '256',
    });
    expect(await loadConfig(undefined, cwd)).toEqual({
      name: 'bench.config.ts',
      raw: {
        memory: ['256', '512', '1024'],
        operations: join(cwd, 'ops'),
        handler: [join(cwd, 'h.js')],
        rounds: '3',
      },
    });
    expect(readdirSync(cwd).sort()).toEqual(['bench.config.ts', 'node_modules', 'shared']);
  });

  test('is an object, a function or an asynchronous one, as a module or in CommonJS', async () => {
    for (const [name, text] of [
      ['a.mjs', 'export default { rounds: 2 };'],
      ['b.mts', 'export default () => ({ rounds: 2 });'],
      ['c.js', 'export default async () => ({ rounds: await Promise.resolve(2) });'],
      [
        'd.js',
        `module.exports = { rounds: require('node:path').basename(__dirname).length && 2 };`,
      ],
      ['e.json', '{ "$schema": "./config.schema.json", "rounds": 2 }'],
      ['g.json', '\ufeff{\r\n  "rounds": 2\r\n}\r\n'],
      ['f.ts', 'export default { rounds: import.meta.filename.endsWith("f.ts") ? 2 : 1 };'],
    ] as const) {
      write({ [name]: text });
      expect((await loadConfig(name, cwd))?.raw, name).toEqual({ rounds: '2' });
    }
  });

  test('says every setting in its own types; its paths are from its folder', async () => {
    write({
      'below/bench.config.json': JSON.stringify({
        backend: 'postgres',
        memory: 512,
        batching: [true, false],
        weights: { UserProfile: 3, TenUsers: 0.5 },
        headers: { authorization: 'x' },
        scenario: { kind: 'closed', vus: 5, think: '0' },
        keepRaw: true,
        results: '../results',
        postgresUrl: 'postgres://db/x',
      }),
    });
    expect((await loadConfig('below/bench.config.json', cwd))?.raw).toEqual({
      backend: ['postgres'],
      memory: ['512'],
      batching: ['on', 'off'],
      weights: { UserProfile: '3', TenUsers: '0.5' },
      headers: { authorization: 'x' },
      scenario: 'closed',
      vus: '5',
      think: '0',
      keepRaw: true,
      results: join(cwd, 'results'),
      postgresUrl: 'postgres://db/x',
    });
  });
});

test('its endpoints stay as they are written', async () => {
  const endpoints = { shop: { url: 'https://x/graphql', headers: { 'x-api-key': `\${KEY}` } } };
  write({ 'bench.config.json': JSON.stringify({ target: 'url', endpoints }) });
  expect(await loadConfig(undefined, cwd)).toEqual({
    name: 'bench.config.json',
    raw: { target: 'url' },
    endpoints,
  });
});

describe('one message', () => {
  test.each<[string, RegExp]>([
    [
      'export default { memry: 5 };',
      /^bench\.config\.ts: there is no setting "memry"; did you mean "memory"\?$/,
    ],
    [
      'export default { zzzzzz: 5 };',
      /there is no setting "zzzzzz"; there is \$schema, target, backend, memory/,
    ],
    [
      "export default { memory: 'big' };",
      /^bench\.config\.ts: memory: expected a number or a list of numbers, not "big"$/,
    ],
    [
      "export default { memory: [512, 'big'] };",
      /: memory\[1\]: expected a number of MB, not "big"$/,
    ],
    ['export default { memory: [] };', /: memory: expected at least one value, not \[\]$/],
    ['export default { memory: NaN };', /: memory: expected a number or a list .*, not NaN$/],
    [
      "export default { front: 'alb' };",
      /: front: expected one or a list of rest-api, http-api, .*"alb"$/,
    ],
    ["export default { batching: 'on' };", /: batching: expected true, false or a list of both/],
    [
      'export default { requestTimeout: 5 };',
      /: requestTimeout: expected a duration such as '20s', not 5$/,
    ],
    [
      "export default { scenario: 'storm' };",
      /: scenario: expected 'ramp', .*'burst' or an object/,
    ],
    [
      "export default { scenario: { kind: 'storm' } };",
      /: scenario\.kind: expected one of 'ramp', .*'burst'/,
    ],
    [
      "export default { scenario: { kind: 'users', user: 5 } };",
      /: scenario: there is no setting "user"; did you mean "users"\?$/,
    ],
    [
      "export default { scenario: { kind: 'ramp', hold: 5 } };",
      /: scenario\.hold: expected a duration/,
    ],
    [
      "export default { endpoints: { shop: { uri: 'https://x' } } };",
      /^bench\.config\.ts: endpoints\.shop: there is no setting "uri"; did you mean "url"\?$/,
    ],
    [
      "export default { endpoints: { shop: { url: 'https://x', front: 'alb' } } };",
      /: endpoints\.shop\.front: expected one of rest-api, .* appsync, other, not "alb"$/,
    ],
    [
      "export default { endpoints: { shop: { url: 'https://x', headers: { a: ['secret'] } } } };",
      /: endpoints\.shop\.headers\.a: expected a string$/,
    ],
    [
      "export default { endpoints: { shop: 'https://x' } };",
      /: endpoints\.shop: expected an object of what is known about it$/,
    ],
    [
      'export default { gate: { metric: {} } };',
      /^bench\.config\.ts: gate: there is no setting "metric"; did you mean "metrics"\?$/,
    ],
    [
      "export default { gate: { metrics: { p5O: '5%' } } };",
      /: gate\.metrics: there is no setting "p5O"; did you mean "p50"\?$/,
    ],
    [
      "export default { gate: { budgets: { '*': { speed: '5%' } } } };",
      /: gate\.budgets\.\*: there is no setting "speed"; there is p50, p95, .*backendCalls$/,
    ],
    [
      'export default { gate: { metrics: { p50: 5 } } };',
      /: gate\.metrics\.p50: expected a percentage such as '5%', not 5$/,
    ],
    [
      "export default { gate: { metrics: { p50: '5' } } };",
      /^bench\.config\.ts: gate\.metrics\.p50: "5" is not a percentage/,
    ],
    [
      "export default { gate: { inconclusive: 'skip' } };",
      /: gate\.inconclusive: expected 'pass' or 'fail', not "skip"$/,
    ],
    ["export default { headers: { a: ['secret'] } };", /: headers\.a: expected a string$/],
    [
      'export default { postgresUrl: { secret: 1 } };',
      /: postgresUrl: expected an address such as [^,]*$/,
    ],
    [
      "export default [{ headers: { a: 'secret' } }];",
      /^bench\.config\.ts: expected an object of settings$/,
    ],
    ['export default 5;', /^bench\.config\.ts: expected an object of settings, not 5$/],
    ['export default () => {};', /^bench\.config\.ts: it exports no settings; write/],
    ['export const memory = 5;', /^bench\.config\.ts: it exports no settings; write/],
    [
      "export default {\n  headers: { a 'secret' } };",
      /^bench\.config\.ts:2: Expected "}" but found a string$/,
    ],
    [
      'export default {\n  memory: 5,\n  x y\n};',
      /^bench\.config\.ts:3: Expected "}" but found "y"$/,
    ],
    [
      "\nimport x from 'not-there';\nexport default x;",
      /^bench\.config\.ts:2: Could not resolve "not-there"/,
    ],
    ["const a: number = 1;\n\nthrow new Error('no luck');", /^bench\.config\.ts:3: no luck$/],
    [
      'export default () => {\n  const a: any = null;\n  return a.b;\n};',
      /^bench\.config\.ts:3: Cannot read/,
    ],
    [
      "import { f } from './lib.ts';\nexport default { memory: f() };",
      /^\/.*\/lib\.ts:3: from below$/,
    ],
  ])('%j', async (text, message) => {
    write({
      'bench.config.ts': text,
      'lib.ts':
        "interface A { b: number }\nexport const f = (): A => {\n  throw new Error('from below');\n};",
    });
    await expect(loadConfig(undefined, cwd)).rejects.toThrow(message);
    await expect(loadConfig(undefined, cwd)).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('of a broken document names its line and does not quote it', async () => {
    write({ 'bench.config.json': '{\n  "postgresUrl": "secret",\n  "memory": [1,\n  }\n}\n' });
    await expect(loadConfig(undefined, cwd)).rejects.toThrow(
      /^bench\.config\.json:4: (?!.*secret)/,
    );
    write({ 'bench.config.json': '{ "headers": { "a" "secret" } }' });
    await expect(loadConfig(undefined, cwd)).rejects.toThrow(
      /^bench\.config\.json:1: Expected ":" in JSON but found a string$/,
    );
    write({ 'bench.config.json': '{\n  "memory": 5\n' });
    await expect(loadConfig(undefined, cwd)).rejects.toThrow(/^bench\.config\.json:3: /);
  });

  test('of which file is meant', async () => {
    await expect(loadConfig('nowhere.ts', cwd)).rejects.toThrow(
      /--config: there is no file \/.*nowhere\.ts/,
    );
    write({ 'bench.config.ts': '', 'bench.config.json': '{}' });
    await expect(loadConfig(undefined, cwd)).rejects.toThrow(
      'there are bench.config.ts and bench.config.json: choose one with --config',
    );
  });
});
