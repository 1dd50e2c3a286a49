import { expect, test } from 'vitest';
import { fuzz } from './fuzzing/fuzz.ts';

/** `node benchmarks/fuzz.ts` sends a hundred thousand of these. */
test('no input ends, hangs or surprises the emulator', async () => {
  const result = await fuzz({ inputs: 1500, seed: 8 });
  expect(result).toMatchObject({
    inputs: 1500,
    crash: null,
    hung: { count: 0, example: null },
    internalFailures: { count: 0, example: null },
  });
  // All three kinds of servers were reached, beyond their first line of defence.
  expect(result.answers.front[200]).toBeGreaterThan(5);
  expect(result.answers.runtime[200]).toBeGreaterThan(5);
  expect(result.answers.aws[200]).toBeGreaterThan(20);
}, 60_000);
