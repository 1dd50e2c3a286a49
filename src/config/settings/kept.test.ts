import { describe, expect, test } from 'vitest';
import type { ConfigSettings } from './choose.ts';
import { choose } from './choose.ts';
import { rawFromFlags } from './from-flags.ts';
import { askedOf, resumeSettings } from './kept.ts';
import type { RawSettings } from './table.ts';

const RUN = '20261121-101500-abcd';

function asked(flags: Record<string, unknown>, raw?: RawSettings) {
  return askedOf(choose(rawFromFlags(flags), raw === undefined ? null : config(raw)));
}

function config(raw: RawSettings): ConfigSettings {
  return { name: 'bench.config.ts', raw };
}

const OWN = {
  handler: '/home/me/secret-project/a.js',
  operations: '/home/me/secret-project/ops',
  envFile: '/home/me/.env',
  header: ['Authorization: Bearer top-secret'],
  memory: '512,1024',
  rounds: '5',
};

test('what is kept holds no path and no secret, and nothing of the command', () => {
  const kept = asked({ ...OWN, results: '/home/me/results', json: true, maxCost: '3', yes: true });
  expect(kept).toEqual({
    settings: { memory: ['512', '1024'], rounds: '5' },
    notKept: ['handler', 'operations', 'envFile', 'headers'],
    headers: ['Authorization'],
  });
  expect(JSON.stringify(kept)).not.toMatch(/home|secret/);
});

describe('going on', () => {
  const kept = asked(OWN);
  const again = {
    handler: 'a.js',
    operations: 'ops',
    envFile: '.env',
    header: ['authorization: new'],
  };
  const goOn = (flags: Record<string, unknown>, from: ConfigSettings | null = null) =>
    resumeSettings(kept, flags, from, RUN);

  test('all that is not kept is asked for at once', () => {
    expect(() => goOn({ operations: 'ops' })).toThrow(
      `the run ${RUN} was begun with --handler, --env-file and --header (Authorization), which results do not hold`,
    );
  });

  test.each([
    ['--memory: ', { memory: '2048' }, 'begun with 512,1024'],
    ['--rounds: ', { rounds: '9' }, 'begun with 5'],
    ['--front: ', { front: 'invoke' }, 'begun with rest-api'],
    ['--variables: ', { variables: 'x.csv' }, 'begun without it'],
    ['--seed: ', { seed: '2' }, 'begun with 1'],
  ])('%s says otherwise than the run', (flag, more, said) => {
    const message = `${flag}the run ${RUN} was ${said}, and goes on as it was planned`;
    expect(() => goOn({ ...again, ...more })).toThrow(message);
  });

  test('the same command line with --resume is taken, and what is of the command may be another', () => {
    const flags = {
      ...OWN,
      ...again,
      front: 'rest-api',
      results: 'x',
      keepRaw: true,
      maxTime: '9h',
    };
    expect(goOn(flags).raw).toEqual({ memory: ['512', '1024'], rounds: '5' });
  });

  test('of a configuration that has changed meanwhile only what was not kept counts', () => {
    const now = { memory: ['3008'], batching: ['on'], handler: ['/c/a.js'], operations: '/c/ops' };
    const given = goOn(
      { envFile: '.env', header: again.header },
      config({ ...now, results: '/r' }),
    );
    expect(given.config?.raw).toEqual({
      handler: ['/c/a.js'],
      operations: '/c/ops',
      results: '/r',
    });
  });

  test('another header is no header of the run', () => {
    const header = ['x-api-key: 1'];
    expect(() => goOn({ ...again, header })).toThrow('was begun with Authorization, and now it is');
  });
});
