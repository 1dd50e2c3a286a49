import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../model/run.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { confirmLong, sizeOf } from './confirm.ts';

/** A plan of one short cell, measured `rounds` times. */
const planOf = (rounds: number): Plan => ({
  target: 'local',
  cells: [{ id: 'one', endpoint: anEndpoint(), profile: { kind: 'users', users: 1, overS: 1 } }],
  rounds,
  seed: 1,
  operations: [],
  variants: [],
  slo: null,
  region: 'us-east-1',
  traceShare: 1,
  architecture: null,
  initProbes: 0,
  gate: null,
});

function answering(text: string | null) {
  const input = new PassThrough();
  const output = new PassThrough();
  if (text === null) input.end();
  else input.write(text);
  return { input, output };
}

describe('a run of over 100 trials', () => {
  test('goes on where it is told to', async () => {
    await confirmLong(planOf(101), true, null);
    for (const answer of ['y\n', 'Yes\n', ' y \n']) {
      await confirmLong(planOf(101), false, answering(answer));
    }
  });

  test.each(['n\n', '\n', 'yesterday\n', null])('is not begun on %j', async (answer) => {
    const asked = confirmLong(planOf(101), false, answering(answer));
    await expect(asked).rejects.toThrow('not run; nothing was started');
  });

  test('says how long it takes when it asks', async () => {
    const terminal = answering('y\n');
    await confirmLong(planOf(240), false, terminal);
    expect(String(terminal.output.read())).toContain(
      'This is 240 trials, about 8 m 00 s. Go on? [y/N]',
    );
  });

  test('is refused where nobody can be asked, naming the way on', async () => {
    await expect(confirmLong(planOf(101), false, null)).rejects.toThrow(
      /this is 101 trials, about 3 m 22 s: .*--yes/,
    );
  });
});

test('a short run asks nothing', async () => {
  await confirmLong(planOf(100), false, null);
  expect(sizeOf(planOf(1))).toBe('1 trial, about 2 s');
});
