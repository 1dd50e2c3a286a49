import { describe, expect, test } from 'vitest';
import type { EndpointInput } from './schema.ts';
import { endpointsOf } from './settings.ts';

const URL_OF = {
  functionUrl: 'https://abc123.lambda-url.eu-west-1.on.aws/graphql',
  api: 'https://a1b2c3.execute-api.us-east-2.amazonaws.com/prod/graphql',
  appsync: 'https://xyz.appsync-api.eu-central-1.amazonaws.com/graphql',
  own: 'https://api.example.com/graphql',
};

function one(input: EndpointInput, env: Record<string, string> = {}, region: string | null = null) {
  const [found] = endpointsOf({ shop: input }, 'bench.config.ts: endpoints', { env, region });
  return found;
}

describe('an endpoint', () => {
  test('needs an address and nothing else', () => {
    expect(one({ url: URL_OF.own })).toEqual({
      name: 'shop',
      url: URL_OF.own,
      front: 'other',
      signing: null,
      headers: {},
      region: null,
      functionName: null,
      qualifier: null,
      metrics: null,
      renew: false,
      named: 'bench.config.ts: endpoints.shop',
    });
  });

  test.each<[EndpointInput, object]>([
    [{ url: URL_OF.functionUrl }, { front: 'function-url', region: 'eu-west-1', signing: null }],
    [
      { url: URL_OF.functionUrl, auth: 'sigv4' },
      { signing: { service: 'lambda', region: 'eu-west-1' } },
    ],
    [
      { url: URL_OF.api, auth: 'sigv4', front: 'http-api', function: 'shop:live' },
      {
        front: 'http-api',
        signing: { service: 'execute-api', region: 'us-east-2' },
        functionName: 'shop',
        qualifier: 'live',
      },
    ],
    [{ url: URL_OF.api }, { front: 'other', region: 'us-east-2' }],
    [
      { url: URL_OF.appsync, auth: 'sigv4' },
      { front: 'appsync', signing: { service: 'appsync', region: 'eu-central-1' } },
    ],
    [
      { front: 'invoke', function: 'arn:aws:lambda:eu-north-1:123456789012:function:shop' },
      {
        url: null,
        functionName: 'arn:aws:lambda:eu-north-1:123456789012:function:shop',
        signing: { service: 'lambda', region: 'eu-north-1' },
      },
    ],
    [
      { url: URL_OF.own, front: 'rest-api', auth: 'sigv4', region: 'eu-west-3' },
      { signing: { service: 'execute-api', region: 'eu-west-3' } },
    ],
  ])('of %o is told by its address and its function', (input, expected) => {
    expect(one(input)).toMatchObject(expected);
  });

  test('has its region from its own settings, its address, --region and AWS_REGION, in this order', () => {
    const env = { AWS_REGION: 'eu-west-2' };
    const asked = { url: URL_OF.own, function: 'shop' };
    expect(one({ ...asked, region: 'sa-east-1' }, env, 'us-west-2')?.region).toBe('sa-east-1');
    expect(one({ ...asked, url: URL_OF.api }, env, 'us-west-2')?.region).toBe('us-east-2');
    expect(one(asked, env, 'us-west-2')?.region).toBe('us-west-2');
    expect(one(asked, env)?.region).toBe('eu-west-2');
  });

  test('has secrets from the environment', () => {
    const headers = { 'x-api-key': `\${KEY}`, Authorization: `Bearer \${TOKEN}` };
    const env = { KEY: 'k', TOKEN: 't' };
    expect(one({ url: URL_OF.own, headers }, env)?.headers).toEqual({
      'x-api-key': 'k',
      Authorization: 'Bearer t',
    });
  });

  test.each<[EndpointInput, RegExp]>([
    [{}, /endpoints\.shop\.url: it is missing; only the front invoke has none$/],
    [{ url: 'api.example.com' }, /shop\.url: this is no address of an API; write https:/],
    [{ url: 'ftp://x/secret' }, /shop\.url: this is no address of an API/],
    [{ url: 'https://me:secret@x/' }, /shop\.url: .* leave user and password out/],
    [{ url: 'https://x/#secret' }, /shop\.url: leave "#" and what follows out$/],
    [{ url: URL_OF.own, front: 'invoke', function: 'f' }, /shop\.url: .* leave url out$/],
    [{ front: 'invoke', region: 'us-east-1' }, /shop\.function: the front invoke needs it$/],
    [
      { front: 'invoke', function: 'f', auth: 'none', region: 'us-east-1' },
      /shop\.auth: .* signed requests only$/,
    ],
    [{ url: URL_OF.functionUrl, front: 'rest-api' }, /shop\.front: .* of the front function-url$/],
    [{ url: URL_OF.own, function: 'no such name' }, /shop\.function: "no such name" is neither/],
    [{ url: URL_OF.own, function: 'shop' }, /shop\.region: the region of its function is not told/],
    [{ url: URL_OF.own, auth: 'sigv4' }, /shop\.front: a request is signed for a service/],
    [
      { url: URL_OF.own, auth: 'sigv4', front: 'http-api' },
      /shop\.region: its url does not tell the region to sign for; say it$/,
    ],
    [{ url: URL_OF.own, region: 'Ireland' }, /shop\.region: "Ireland" is not the name of a region/],
    [{ url: URL_OF.own, renew: true }, /shop\.renew: only a function can be renewed/],
    [
      { url: URL_OF.functionUrl, function: 'shop:live', renew: true },
      /shop\.renew: behind an alias stands a version/,
    ],
    [
      { url: URL_OF.functionUrl, metrics: { ApiName: 'x' } },
      /shop\.metrics: .* rest-api, http-api, appsync, and this is function-url$/,
    ],
    [
      { url: URL_OF.own, headers: { 'x-api-key': `\${EMPTY}` } },
      /shop\.headers x-api-key: the environment variable EMPTY is empty$/,
    ],
    [
      { url: URL_OF.own, headers: { 'x-api-key': `secret\${UNSET}` } },
      /shop\.headers x-api-key: the environment variable UNSET is not set$/,
    ],
    [
      { url: URL_OF.functionUrl, auth: 'sigv4', headers: { Authorization: 'secret' } },
      /shop\.headers: Authorization is part of the signature; leave one out$/,
    ],
  ])('%o is refused by its field, without secrets', (input, message) => {
    let text = '';
    try {
      one(input, { EMPTY: '' });
    } catch (error) {
      expect(error).toHaveProperty('name', 'UsageError');
      text = (error as Error).message;
    }
    expect(text).toMatch(message);
    expect(text).not.toContain('secret');
  });

  test('has a name that a folder can have', () => {
    const named = (name: string) => () =>
      endpointsOf({ [name]: { url: URL_OF.own } }, 'f: endpoints', { env: {}, region: null });
    expect(named('../x')).toThrow(/^f: endpoints: "\.\.\/x" is no name for an endpoint/);
    expect(() => endpointsOf({}, 'f: endpoints', { env: {}, region: null })).toThrow(
      'f: endpoints: it names no endpoint',
    );
  });
});
