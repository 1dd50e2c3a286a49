import { describe, expect, test } from 'vitest';
import { expandPlan, type Offer } from './expand-plan.ts';
import { parseRunFlags, type RunFlags } from './run-options.ts';

const FLAGS: RunFlags = {
  backend: 'dynamo',
  memory: '1024',
  front: 'rest-api',
  server: 'apollo',
  dataset: 'x1',
  scenario: 'ramp',
  timeout: '30',
  requestTimeout: '60s',
  maxVus: '500',
  rounds: '1',
  results: 'results',
};
const OFFER: Offer = {
  target: 'local',
  fronts: ['rest-api', 'function-url'],
  backends: new Map([
    [
      'dynamo',
      {
        name: 'dynamo',
        servers: ['apollo'],
        datasets: ['x1'],
        variants: [],
        dataLayers: [],
        batching: [false],
        operations: [{ name: 'UserProfile', weight: 1 }],
      },
    ],
  ]),
};

describe('flags', () => {
  test('a scenario takes its own defaults', () => {
    expect(parseRunFlags(FLAGS).profile).toEqual({
      kind: 'ramp',
      ratePerS: 50,
      warmUpS: 3,
      rampS: 10,
      holdS: 20,
    });
    expect(parseRunFlags({ ...FLAGS, scenario: 'users' }).profile).toEqual({
      kind: 'users',
      users: 500,
      overS: 30,
    });
    const closed = parseRunFlags({ ...FLAGS, scenario: 'closed', think: '250ms', warmUp: '0' });
    expect(closed.profile).toMatchObject({ vus: 10, thinkTimeS: 0.25, warmUpS: 0 });
  });

  test.each<[Partial<RunFlags>, RegExp]>([
    [{ memory: '127' }, /^--memory: "127" is not a whole number from 128 to 10,240 MB/],
    [{ memory: '10241' }, /--memory/],
    [{ memory: '1024.5' }, /--memory: "1024.5"/],
    [{ memory: '1e3' }, /--memory/],
    [{ memory: '1024,' }, /--memory: "1024," has an empty entry/],
    [{ memory: '1024,1024' }, /--memory: "1024" stands there twice/],
    [{ rate: '0' }, /^--rate: "0"/],
    [{ rate: '-5' }, /^--rate/],
    [{ rate: 'fast' }, /^--rate: "fast"/],
    [{ hold: '20' }, /^--hold: "20" is not a duration; write for example 20s/],
    [{ hold: '0s' }, /^--hold: 0s is no time at all/],
    [{ ramp: '10x' }, /^--ramp: "10x"/],
    [{ hold: '100h' }, /--hold: 100h is longer than a day/],
    [{ scenario: 'storm' }, /--scenario: "storm" is unknown; choose from ramp, users, closed/],
    [
      { scenario: 'users', rate: '5' },
      /--rate means nothing to --scenario users: it takes --users, --over/,
    ],
    [{ front: 'alb' }, /--front: "alb" is unknown/],
    [{ timeout: '901' }, /--timeout/],
    [{ rounds: '0' }, /--rounds/],
  ])('%o is refused by name', (change, message) => {
    expect(() => parseRunFlags({ ...FLAGS, ...change })).toThrow(message);
  });
});

describe('plan', () => {
  test('is every combination, with readable ids', () => {
    const options = parseRunFlags({
      ...FLAGS,
      memory: '1024,2048',
      front: 'rest-api,function-url',
    });
    expect(expandPlan(options, OFFER).cells.map((cell) => cell.id)).toEqual([
      'dynamo-1024-rest-api-apollo-x1-ramp',
      'dynamo-2048-rest-api-apollo-x1-ramp',
      'dynamo-1024-function-url-apollo-x1-ramp',
      'dynamo-2048-function-url-apollo-x1-ramp',
    ]);
  });

  test.each<[Partial<RunFlags>, RegExp]>([
    [{ backend: 'mysql' }, /--backend: there is no "mysql" here; choose from dynamo/],
    [{ server: 'yoga' }, /--server: there is no "yoga" here/],
    [{ dataset: 'x7' }, /--dataset/],
    [{ front: 'invoke' }, /--front: there is no "invoke" here; choose from rest-api, function-url/],
  ])('%o is refused by name', (change, message) => {
    expect(() => expandPlan(parseRunFlags({ ...FLAGS, ...change }), OFFER)).toThrow(message);
  });
});
