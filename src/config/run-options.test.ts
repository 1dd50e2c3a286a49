import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveOptions } from './run-options.ts';
import type { ConfigSettings } from './settings/choose.ts';
import type { Flags } from './settings/from-flags.ts';
import type { RawSettings } from './settings/table.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-options-'));
  mkdirSync(join(cwd, 'new'));
  for (const file of ['old.js', 'new.js', 'new/old.js']) writeFileSync(join(cwd, file), '');
  writeFileSync(join(cwd, 'app.env'), 'TABLE=users\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const config = (raw: RawSettings): ConfigSettings => ({ name: 'bench.config.ts', raw });
const resolved = (flags: Flags, raw?: RawSettings, env = {}) =>
  resolveOptions(flags, raw === undefined ? null : config(raw), { cwd, env });
const optionsOf = (...args: Parameters<typeof resolved>) => resolved(...args).options;

describe('a value', () => {
  test('is the default where nobody says anything', () => {
    expect(optionsOf({})).toMatchObject({
      backends: ['dynamo'],
      memoriesMb: [1024],
      fronts: ['rest-api'],
      servers: null,
      batching: null,
      own: null,
      weights: null,
      headers: {},
      backendOptions: { postgresUrl: null, postgresConnections: null },
      profile: { kind: 'ramp', ratePerS: 50, warmUpS: 3, rampS: 10, holdS: 20 },
      timeoutS: 30,
      requestTimeoutS: 60,
      maxVus: 500,
      rounds: 1,
      seed: 1,
      resultsPath: join(cwd, 'results'),
      keepRaw: false,
      collectDeadlineS: 60,
    });
  });

  test("is the configuration's before the default, the flag's before both, a list as a whole", () => {
    const raw: RawSettings = { memory: ['512', '1024'], rounds: '3', batching: ['on', 'off'] };
    const { options, chosen } = resolved({ memory: '2048' }, raw);
    expect(options).toMatchObject({ memoriesMb: [2048], rounds: 3, batching: [true, false] });
    expect(['memory', 'rounds', 'front'].map((key) => chosen.source(key as 'memory'))).toEqual([
      'flag',
      'config',
      'default',
    ]);
    expect(chosen.named('rounds')).toBe('bench.config.ts: rounds');
    expect(chosen.named('memory')).toBe('--memory');
  });

  test('means the same as a flag and as a setting, whatever it is', () => {
    const keys = ['rounds', 'seed', 'timeout', 'maxVus', 'requestTimeout'] as const;
    const written = fc.oneof(fc.nat().map(String), fc.string(), fc.constant('1m30s'));
    fc.assert(
      fc.property(fc.constantFrom(...keys), written, (key, text) => {
        expect(outcome(() => optionsOf({}, { [key]: text }))).toEqual(
          outcome(() => optionsOf({ [key]: text })),
        );
      }),
    );
  });

  const outcome = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      // The place is told apart, the reason is one.
      return String(error).replace(/^UsageError: (--[\w-]+|bench\.config\.ts: \w+): /, '');
    }
  };

  test.each<[Flags, RegExp]>([
    [{ memory: '127' }, /^--memory: "127" is not a whole number from 128 to 10,240 MB/],
    [{ memory: '1024.5' }, /--memory: "1024.5"/],
    [{ memory: '1e3' }, /--memory/],
    [{ memory: '1024,' }, /--memory: "1024," has an empty entry/],
    [{ memory: '1024,1024' }, /--memory: "1024" stands there twice/],
    [{ memory: '512,0512' }, /--memory: "512" stands there twice/],
    [{ rate: '0' }, /^--rate: "0"/],
    [{ rate: '0.0004' }, /^--rate: "0.0004" is not .* from 0.001 to 100,000/],
    [{ rate: '-5' }, /^--rate/],
    [{ rate: 'fast' }, /^--rate: "fast"/],
    [{ hold: '20' }, /^--hold: "20" is not a duration; write for example 20s/],
    [{ hold: '0s' }, /^--hold: 0s is no time at all/],
    [{ ramp: '10x' }, /^--ramp: "10x"/],
    [{ hold: '100h' }, /--hold: 100h is longer than a day/],
    [{ scenario: 'storm' }, /--scenario: "storm" is unknown; choose from ramp, users, closed/],
    [{ front: 'alb' }, /--front: "alb" is unknown/],
    [{ timeout: '901' }, /--timeout/],
    [{ rounds: '0' }, /--rounds/],
    [{ batching: 'yes' }, /--batching: "yes" is unknown; choose from on, off/],
    [
      { responseStreaming: 'on', front: 'invoke,function-url' },
      /--response-streaming: on leaves nothing of invoke, .*event stream.*\n.*write on,off/,
    ],
    [{ responseStreaming: 'on,off' }, /--response-streaming: on needs the front function-url/],
    [{ weights: 'A' }, /--weights: "A" has no "="; write UserProfile=3,TenUsers=1/],
    [{ weights: 'A=0' }, /--weights A: "0" is not a weight/],
    [{ weights: 'A=1,A=2' }, /--weights: "A" stands there twice/],
    [{ scenario: 'closed', maxVus: '5' }, /^--max-vus means nothing to --scenario closed: --vus/],
    [
      { scenario: 'cold', maxVus: '5' },
      /^--max-vus means nothing to --scenario cold: its requests/,
    ],
    [{ scenario: 'cold', rate: '5' }, /^--rate means nothing to --scenario cold: it takes --cold/],
    [{ scenario: 'cold', coldStarts: '0' }, /^--cold-starts: "0" is not a whole number from 1 to/],
    [{ scenario: 'burst', ramp: '1s' }, /^--ramp means nothing to --scenario burst: .*--hold$/],
    [{ slo: 'p98=1s' }, /^--slo: "p98" is unknown; choose from p50, p90, p95, p99$/],
    [{ slo: '100ms' }, /^--slo: "100ms" is no objective; write for example p99=100ms$/],
    [{ slo: 'p99=100' }, /^--slo: "100" is not a duration/],
    [{ slo: 'p99=0s' }, /^--slo: 0s is no time at all/],
    [{ slo: 'p99=1s=2s' }, /^--slo: "p99=1s=2s" is no objective/],
    [{ region: 'mars-1' }, /^--region: "mars-1" is unknown; choose from us-east-1, /],
    [{ provisionedConcurrency: '1.5' }, /^--provisioned-concurrency: "1.5" is not a whole number/],
    [{ reservedConcurrency: '0' }, /^--reserved-concurrency: "0" is not a whole number from 1 to/],
    [
      { reservedConcurrency: 'all' },
      /^--reserved-concurrency: "all" is neither a whole number nor/,
    ],
    [{ reservedConcurrency: 'none,none' }, /^--reserved-concurrency: "none" stands there twice/],
    [
      { provisionedConcurrency: '0,5', reservedConcurrency: 'none,4' },
      /^--reserved-concurrency: 4 is less than the 5 of --provisioned-concurrency: a function/,
    ],
    [
      { scenario: 'cold', provisionedConcurrency: '0,5' },
      /^--provisioned-concurrency means nothing to --scenario cold: .* --scenario ramp/,
    ],
    [{ postgresConnections: '20' }, /--postgres-connections means nothing without --backend/],
    [{ backend: 'postgres', postgresConnections: '4' }, /--postgres-connections: "4"/],
    [{ handler: 'none.js', operations: 'ops' }, /--handler: there is no file .*none\.js/],
    [{ handler: 'old.js#', operations: 'ops' }, /--handler: "old.js#" names no export/],
    [
      { handler: 'old.js,./old.js', operations: 'o' },
      /--handler: ".*old.js#handler" stands .*twice/,
    ],
  ])('%o is refused by name', (flags, message) => {
    expect(() => optionsOf(flags)).toThrow(message);
  });

  test('of a configuration is refused by its field', () => {
    expect(() => optionsOf({}, { memory: ['64'] })).toThrow(/^bench\.config\.ts: memory: "64"/);
    expect(() => optionsOf({}, { scenario: 'ramp', hold: '5' })).toThrow(
      /^bench\.config\.ts: scenario\.hold: "5" is not a duration/,
    );
  });
});

describe('a scenario', () => {
  test('takes its own defaults', () => {
    const users = { kind: 'users', users: 500, overS: 30 };
    expect(optionsOf({ scenario: 'users' }).profile).toEqual(users);
    const closed = optionsOf({ scenario: 'closed', think: '250ms', warmUp: '0' });
    expect(closed.profile).toMatchObject({ vus: 10, thinkTimeS: 0.25, warmUpS: 0, rampS: 5 });
  });

  test('cold and burst have theirs', () => {
    expect(optionsOf({ scenario: 'cold', coldStarts: '7' }).profile).toEqual({
      kind: 'cold',
      coldStarts: 7,
      warmRequests: 5,
    });
    expect(optionsOf({ scenario: 'burst', rate: '12.5', hold: '5s' }).profile).toEqual({
      kind: 'burst',
      ratePerS: 12.5,
      rateFromHost: false,
      holdS: 5,
    });
    // Nobody said a rate: it is measured when the run begins.
    expect(optionsOf({ scenario: 'burst' }).profile).toMatchObject({ rateFromHost: true });
    const raw: RawSettings = { scenario: 'ramp', rate: '50' };
    expect(optionsOf({ scenario: 'burst' }, raw).profile).toMatchObject({ rateFromHost: true });
  });

  test("refuses another one's settings, wherever the two stand", () => {
    expect(() => optionsOf({ scenario: 'users', rate: '5' })).toThrow(
      '--rate means nothing to --scenario users: it takes --users, --over',
    );
    expect(() => optionsOf({ rate: '5' }, { scenario: 'users' })).toThrow(
      '--rate means nothing to bench.config.ts: scenario users: it takes --users, --over',
    );
  });

  test('of a flag keeps what the configuration says of the same one, and of another nothing', () => {
    const raw: RawSettings = { scenario: 'ramp', rate: '7', hold: '1m' };
    expect(optionsOf({ rate: '9' }, raw).profile).toMatchObject({ ratePerS: 9, holdS: 60 });
    expect(optionsOf({ scenario: 'ramp' }, raw).profile).toMatchObject({ ratePerS: 7 });
    const { options, chosen } = resolved({ scenario: 'closed' }, raw);
    expect(options.profile).toMatchObject({ kind: 'closed', holdS: 20 });
    expect(chosen.leftOut).toEqual([
      { key: 'rate', because: '--scenario is closed' },
      { key: 'hold', because: '--scenario is closed' },
    ]);
  });
});

describe('rounds', () => {
  test.each<[Flags, RawSettings | undefined, number]>([
    [{}, undefined, 1],
    [{ preset: 'quick' }, undefined, 1],
    [{ preset: 'standard' }, undefined, 5],
    [{}, { preset: 'thorough' }, 10],
    [{ preset: 'standard', rounds: '5' }, undefined, 5],
    [{ preset: 'standard' }, { rounds: '3' }, 5],
    [{ rounds: '3' }, { preset: 'standard' }, 3],
    [{ preset: 'standard', rounds: '5' }, { preset: 'quick', rounds: '1' }, 5],
  ])('%o over %o are %i', (flags, raw, rounds) => {
    expect(optionsOf(flags, raw).rounds).toBe(rounds);
  });

  test('of a flag take the place of the configured ones, and that is told', () => {
    expect(resolved({ preset: 'standard' }, { rounds: '3' }).chosen.leftOut).toEqual([
      { key: 'rounds', because: '--preset is given' },
    ]);
    expect(resolved({ rounds: '3' }, { preset: 'standard' }).chosen.leftOut).toEqual([
      { key: 'preset', because: '--rounds is given' },
    ]);
  });

  test.each<[Flags, RawSettings | undefined, RegExp]>([
    [
      { preset: 'standard', rounds: '3' },
      undefined,
      /^--preset: standard is 5 rounds, and --rounds says 3; leave one of the two out$/,
    ],
    [
      {},
      { preset: 'quick', rounds: '2' },
      /^bench\.config\.ts: preset: quick is 1 round, and bench\.config\.ts: rounds says 2/,
    ],
    [{ preset: 'fast' }, undefined, /--preset: "fast" is unknown; choose from quick, standard/],
    [{ preset: 'quick', rounds: 'x' }, undefined, /--rounds: "x" is not a whole number/],
  ])('%o over %o are refused', (flags, raw, message) => {
    expect(() => optionsOf(flags, raw)).toThrow(message);
  });
});

describe('own handlers', () => {
  const own = { handler: 'old.js#graphql,new.js', operations: 'ops' };

  test('come with names from their files, and absolute paths', () => {
    const options = optionsOf({ ...own, envFile: 'app.env', runtime: 'nodejs22.x' });
    expect(options).toMatchObject({
      backends: ['own'],
      servers: ['old', 'new'],
      runtime: 'nodejs22.x',
      own: {
        handlers: [
          { name: 'old', file: join(cwd, 'old.js'), exportName: 'graphql' },
          { name: 'new', file: join(cwd, 'new.js'), exportName: 'handler' },
        ],
        environment: { TABLE: 'users' },
        operations: join(cwd, 'ops'),
        variables: null,
        schema: null,
      },
    });
    const twins = optionsOf({ ...own, handler: 'old.js,new/old.js' }).servers;
    expect(twins).toEqual([expect.stringMatching(/^bench-options-\w+-o?/), 'new-old']);
    expect(optionsOf({ ...own, handler: 'old.js#a,old.js#b' }).servers).toHaveLength(2);
  });

  test.each<[Flags, RegExp]>([
    [{ handler: 'old.js' }, /--handler needs --operations/],
    [{ ...own, backend: 'dynamo' }, /--backend means nothing beside --handler/],
    [{ ...own, batching: 'on' }, /--batching means nothing beside --handler/],
    [{ ...own, dataset: 'x1' }, /--dataset means nothing beside --handler/],
    [{ operations: 'ops' }, /--operations means nothing without --handler/],
    [{ envFile: 'app.env' }, /--env-file means nothing without --handler/],
    [{ ...own, envFile: 'none.env' }, /--env-file: .*none\.env cannot be read/],
    [{ ...own, runtime: 'go1.x' }, /--runtime: "go1.x" is unknown/],
  ])('%o is refused by name', (flags, message) => {
    expect(() => optionsOf(flags)).toThrow(message);
  });

  test('of a flag take the place of a configured backend and of what was said to it', () => {
    const raw: RawSettings = {
      backend: ['postgres'],
      dataLayer: ['pg'],
      postgresUrl: `postgres://me:\${PASSWORD_THAT_IS_NOT_SET}@db/x`,
      headers: { authorization: `\${ALSO_NOT_SET}` },
      weights: { UserProfile: '1' },
      memory: ['512'],
    };
    const { options, chosen } = resolved(own, raw);
    expect(options).toMatchObject({
      backends: ['own'],
      headers: {},
      weights: null,
      dataLayers: null,
    });
    expect(options.memoriesMb).toEqual([512]);
    expect(chosen.leftOut.map(({ key }) => key)).toEqual([
      'backend',
      'dataLayer',
      'postgresUrl',
      'weights',
      'headers',
    ]);
  });

  test('of a configuration give way to --backend, and to no other factor', () => {
    const raw: RawSettings = {
      handler: [join(cwd, 'old.js')],
      operations: join(cwd, 'ops'),
      runtime: 'nodejs22.x',
    };
    const options = optionsOf({ backend: 'dynamo' }, raw);
    expect(options).toMatchObject({ backends: ['dynamo'], own: null, runtime: 'nodejs24.x' });
    expect(() => optionsOf({ batching: 'on' }, raw)).toThrow(
      /--batching means nothing beside bench\.config\.ts: handler/,
    );
    // Another handler keeps what is asked of it.
    expect(optionsOf({ handler: 'new.js' }, raw).own?.operations).toBe(join(cwd, 'ops'));
  });
});

describe('secrets', () => {
  test('come from the environment, in flags and configuration', () => {
    const env = { TOKEN: 'abc', PASSWORD: 'p%40ss' };
    const flags = { header: [`Authorization: Bearer \${TOKEN}`, 'x-of: a:b'] };
    expect(optionsOf(flags, undefined, env).headers).toEqual({
      Authorization: 'Bearer abc',
      'x-of': 'a:b',
    });
    const raw: RawSettings = {
      backend: ['postgres'],
      postgresUrl: `postgres://me:\${PASSWORD}@localhost/db`,
    };
    expect(optionsOf({}, raw, env).backendOptions.postgresUrl).toBe(
      'postgres://me:p%40ss@localhost/db',
    );
    // A flag for another backend leaves the address alone.
    expect(optionsOf({ backend: 'dynamo' }, raw, {}).backendOptions.postgresUrl).toBe(null);
  });

  test.each<[Flags, RegExp]>([
    [
      { header: ['Bearer secret'] },
      /^UsageError: --header: an entry has no ":"; write 'name: value'$/,
    ],
    [{ header: ['a b: secret'] }, /--header: what stands before a ":" is not a header's name$/],
    [{ header: ['Bearer secret:x'] }, /--header: what stands before a ":" is not/],
    [
      { header: [`a: \${NOT_SET}secret`] },
      /--header a: the environment variable NOT_SET is not set$/,
    ],
    [{ header: [`a: \${not a name}secret`] }, /--header a: "\$\{not a name\}" names no/],
    [{ header: ['a: secret\nb: 2'] }, /--header a: its value has a character no header may have$/],
    [{ header: ['a: secret', 'A: secret'] }, /--header: "A" stands there twice$/],
    [{ header: ['Host: secret'] }, /--header: Host is set by what sends the requests/],
    [
      { backend: 'postgres', postgresUrl: 'mysql://me:secret@db' },
      /--postgres-url: this is not an address of a PostgreSQL/,
    ],
    [
      { backend: 'postgres', postgresUrl: 'postgres://me:5#secret@db' },
      /--postgres-url: this is not an address of a PostgreSQL.*%23 for #/,
    ],
    [
      { backend: 'postgres', postgresUrl: 'postgres://db/x', postgresConnections: '20' },
      /--postgres-connections means nothing beside --postgres-url/,
    ],
  ])('%o is refused and not shown', (flags, message) => {
    let text = '';
    try {
      optionsOf(flags);
    } catch (error) {
      text = String(error);
    }
    expect(text).toMatch(message);
    expect(text).not.toContain('secret');
  });
});
