import { expect, test } from 'vitest';
import { isLoopback } from './clients.ts';
import { pause } from './waiting.ts';

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
