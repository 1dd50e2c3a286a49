import { expect, test } from 'vitest';
import { isLoopback } from './clients.ts';
import { forEachInParallel, pause } from './waiting.ts';

test('all items are worked on, never more at a time than allowed', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await forEachInParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('the first error ends it', async () => {
  const begun: number[] = [];
  const work = forEachInParallel([1, 2, 3, 4], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('two');
  });
  await expect(work).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});

test('a pause ends when the signal aborts', async () => {
  const controller = new AbortController();
  const pausing = pause(60_000, controller.signal);
  controller.abort();
  await pausing;
});

test('only an endpoint on this machine is loopback', () => {
  const at = (endpoint: string | null) =>
    isLoopback({ region: 'us-east-1', endpoint, credentials: null });
  expect(at('http://127.0.0.1:4000')).toBe(true);
  expect(at('http://localhost:4000')).toBe(true);
  expect(at('https://xray.us-east-1.amazonaws.com')).toBe(false);
  expect(at(null)).toBe(false);
});
