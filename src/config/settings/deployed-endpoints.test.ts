import { describe, expect, test } from 'vitest';
import type { EndpointsInput } from '../endpoints/schema.ts';
import { resolveOptions } from '../run-options.ts';
import type { Flags } from './from-flags.ts';
import type { RawSettings } from './table.ts';

const ENDPOINTS = { shop: { url: 'https://abc.lambda-url.eu-west-1.on.aws/' } };

function resolved(
  flags: Flags,
  raw: RawSettings = {},
  endpoints: EndpointsInput | null = ENDPOINTS,
) {
  const config = { name: 'bench.config.ts', raw, ...(endpoints !== null && { endpoints }) };
  return resolveOptions(flags, config, { cwd: '/w', env: {} });
}

const URL_AND_OPS: Flags = { target: 'url', operations: 'ops' };

describe('endpoints of the user', () => {
  test('are the backends, and their region that of the prices', () => {
    const { options } = resolved(URL_AND_OPS);
    expect(options).toMatchObject({
      target: 'url',
      backends: ['shop'],
      own: null,
      region: 'eu-west-1',
      deployed: {
        operations: '/w/ops',
        variables: null,
        schema: null,
        endpoints: [{ name: 'shop', front: 'function-url' }],
      },
    });
    expect(resolved({ ...URL_AND_OPS, region: 'us-east-2' }).options.region).toBe('us-east-2');
  });

  test('are of no meaning to another target', () => {
    expect(resolved({}).options).toMatchObject({ target: 'local', deployed: null });
  });

  test('may be one, by a flag', () => {
    const flags = { ...URL_AND_OPS, url: 'https://api.example.com/graphql' };
    expect(resolved(flags, {}, null).options.deployed?.endpoints).toMatchObject([
      { name: 'endpoint', url: 'https://api.example.com/graphql', front: 'other', region: null },
    ]);
    expect(() => resolved({ ...URL_AND_OPS, url: 'nothing' })).toThrow(
      /^--url: this is no address of an API/,
    );
  });

  test('are asked what a configured handler is asked, which stays behind', () => {
    const raw: RawSettings = {
      handler: ['/w/handler.ts'],
      operations: '/w/ops',
      runtime: 'nodejs22.x',
      memory: ['512'],
      headers: { authorization: 'x' },
    };
    const { options, chosen } = resolved({ target: 'url' }, raw);
    expect(options).toMatchObject({ own: null, headers: { authorization: 'x' } });
    expect(options.deployed?.operations).toBe('/w/ops');
    expect(chosen.leftOut.map(({ key }) => key)).toEqual(['handler', 'runtime', 'memory']);
  });

  test('of a configuration give way to a flag that deploys', () => {
    const raw: RawSettings = { target: 'url', operations: '/w/ops', weights: { Users: '1' } };
    for (const flags of [{ target: 'local' }, { backend: 'dynamo' }]) {
      const { options, chosen } = resolved(flags, raw);
      expect(options).toMatchObject({ target: 'local', deployed: null, weights: null });
      expect(chosen.leftOut.map(({ key }) => key)).toContain('operations');
    }
  });

  test.each<[Flags, RawSettings, RegExp]>([
    [{ target: 'url' }, {}, /^--target url needs --operations/],
    [{}, { target: 'url' }, /^bench\.config\.ts: target needs --operations/],
    [{ ...URL_AND_OPS, memory: '512' }, {}, /^--memory means nothing to --target url: your end/],
    [{ ...URL_AND_OPS, backend: 'dynamo' }, {}, /^--backend means nothing to --target url/],
    [{ ...URL_AND_OPS, handler: 'h.js' }, {}, /^--handler means nothing to --target url/],
    [{ ...URL_AND_OPS, timeout: '3' }, {}, /^--timeout means nothing to --target url/],
    [
      { operations: 'ops' },
      { target: 'url', front: ['invoke'] },
      /^bench\.config\.ts: front means nothing to bench\.config\.ts: target/,
    ],
    [{ url: 'https://x/' }, {}, /^--url means nothing without --target url$/],
    [
      { target: 'aws', backend: 'postgres', postgresUrl: 'postgres://secret@x/y' },
      {},
      /^--postgres-url means nothing without --target local$/,
    ],
    [{ ...URL_AND_OPS, scenario: 'burst' }, {}, /^--scenario: say --rate: /],
    [
      { ...URL_AND_OPS, scenario: 'cold' },
      {},
      /^--scenario: cold starts are forced .* say renew: true for bench\.config\.ts: endpoints\.shop/,
    ],
  ])('%o with %o is refused by name', (flags, raw, message) => {
    let text = '';
    try {
      resolved(flags, raw);
    } catch (error) {
      expect(error).toHaveProperty('name', 'UsageError');
      text = (error as Error).message;
    }
    expect(text).toMatch(message);
  });

  test('have to be there', () => {
    const endpoints = 'endpoints, one by --url or several below "endpoints" of bench.config.ts';
    expect(() => resolved(URL_AND_OPS, {}, null)).toThrow(`--target url needs ${endpoints}`);
    expect(() => resolved({ target: 'url' }, {}, null)).toThrow(
      `--target url needs --operations, the .graphql file or folder with what to ask, and ${endpoints}`,
    );
  });
});
