import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.resetModules();
});

async function inEnvironment(daemon: string | undefined, header: string | undefined) {
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', daemon);
  vi.stubEnv('_X_AMZN_TRACE_ID', header);
  return await import('./xray.ts');
}

const DAEMON = '127.0.0.1:2000';

test.each([
  ['in the order Lambda has', 'Root=1-a-b;Parent=c;Sampled=1'],
  ['in another, with more', 'Lineage=1:2:3;Sampled=1;Parent=c;Root=1-a-b'],
])('the trace is read by the names of the fields: %s', async (_, header) => {
  const { currentTrace } = await inEnvironment(DAEMON, header);
  expect(currentTrace()).toEqual({ traceId: '1-a-b', parentId: 'c' });
});

test.each([
  ['not sampled', DAEMON, 'Root=1-a-b;Parent=c;Sampled=0'],
  ['no parent', DAEMON, 'Root=1-a-b;Sampled=1'],
  ['no header', DAEMON, undefined],
  ['no daemon', undefined, 'Root=1-a-b;Parent=c;Sampled=1'],
])('there is no trace: %s', async (_, daemon, header) => {
  const { currentTrace } = await inEnvironment(daemon, header);
  expect(currentTrace()).toBeUndefined();
});

test('the header is read at each call: an environment serves many invocations', async () => {
  const { currentTrace } = await inEnvironment(DAEMON, 'Root=1-a-b;Parent=c;Sampled=1');
  expect(currentTrace()?.parentId).toBe('c');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-a-b;Parent=d;Sampled=1');
  expect(currentTrace()?.parentId).toBe('d');
});

test('the clock is finer than a millisecond, and follows the wall clock after a freeze', async () => {
  const { nowSeconds } = await inEnvironment(DAEMON, undefined);
  const beforeMs = Date.now();
  const seen = new Set(Array.from({ length: 1_000 }, () => nowSeconds() * 1000));
  const afterMs = Date.now();
  expect(Math.min(...seen)).toBeGreaterThan(beforeMs - 2);
  expect(Math.max(...seen)).toBeLessThan(afterMs + 2);
  expect(seen.size).toBeGreaterThan(afterMs - beforeMs + 1);
  const jumpedMs = afterMs + 3_600_000;
  vi.spyOn(Date, 'now').mockReturnValue(jumpedMs);
  expect(nowSeconds()).toBe(jumpedMs / 1000);
});

test('a pause between two lines does not set the clock', async () => {
  const { nowSeconds } = await inEnvironment(DAEMON, undefined);
  const nowMs = performance.timeOrigin + performance.now();
  // Held back for an hour after the first look at the wall clock: what is between is believed.
  vi.spyOn(Date, 'now').mockReturnValueOnce(nowMs - 3_600_000);
  expect(nowSeconds() * 1000).toBeGreaterThanOrEqual(nowMs);
  expect(nowSeconds() * 1000).toBeGreaterThanOrEqual(nowMs);
});
