import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowUs } from '../../base/clock.ts';
import { randomHex } from '../ids.ts';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.ts';
import {
  type FunctionConfiguration,
  type InvocationRequest,
  type InvocationResult,
  LATEST,
} from '../types.ts';
import { Environment } from './environment.ts';
import { InitLine } from './init-line.ts';
import { Slots, TokenBucket } from './limits.ts';
import { newInvocation } from './outcomes.ts';
import { Pool } from './pool.ts';
import { withDefaults } from './settings.ts';
import { fakeLaunch } from './testing/fake-launch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function newEnvironment(): Environment {
  const owner = { telemetry: NO_TELEMETRY, onIdle: () => true, onGone() {}, onLine() {} };
  return new Environment(owner, { version: LATEST } as FunctionConfiguration, '');
}

/** A line of requests behind one that has the only turn. */
async function openLine(requests: number) {
  const initSlots = new Slots(1);
  const host = {
    settings: withDefaults({ initPatienceMs: 1000 }),
    initSlots,
    queued: 0,
    waitsUs: [] as number[],
    skipped: 0,
    idle: 1,
    environmentsQueued: (more: number) => {
      host.queued += more;
    },
    waitedForInit: (us: number) => host.waitsUs.push(us),
    initSkipped: () => {
      host.skipped += 1;
    },
    idleCpuShare: () => host.idle,
  };
  const overdue = vi.fn();
  const line = new InitLine(host, overdue);
  const settled: string[] = [];
  const turns: (boolean | null)[] = [];
  const environments: Environment[] = [];
  await initSlots.take();
  for (let i = 0; i < requests; i += 1) {
    const environment = newEnvironment();
    environments.push(environment);
    turns.push(null);
    const request = { requestId: String(i) } as InvocationRequest;
    const invocation = newInvocation(request, ({ kind }) => settled.push(kind));
    void line.turn(environment, invocation).then((turn) => {
      turns[i] = turn;
    });
  }
  const next = () => line.takeOverdue()?.request.requestId ?? null;
  const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { host, initSlots, line, overdue, settled, turns, environments, next, after };
}

test('until patience is over a request keeps its environment, then the oldest goes first', async () => {
  const { host, overdue, turns, environments, next, after } = await openLine(2);
  await after(999);
  expect(next()).toBeNull();
  await after(1);
  expect(overdue).toHaveBeenCalledTimes(2);
  expect([next(), next(), next()]).toEqual(['0', '1', null]);
  await after(0);
  expect(turns).toEqual([false, false]);
  expect(environments.map(({ state }) => state)).toEqual(['gone', 'gone']);
  expect(host).toMatchObject({ skipped: 2, queued: 0, waitsUs: [1e6, 1e6] });
});

test('patience is four initialisations where these are long', async () => {
  const { line, overdue, after, initSlots, turns } = await openLine(1);
  line.initTook(2e6);
  line.initTook(3e6);
  const later = newInvocation({ requestId: 'later' } as InvocationRequest, () => {});
  void line.turn(newEnvironment(), later);
  await after(7999);
  expect(overdue).toHaveBeenCalledTimes(1);
  initSlots.give();
  await after(0);
  expect(turns).toEqual([true]);
  await after(1);
  expect(overdue).toHaveBeenCalledTimes(2);
});

test.each([
  ['there is CPU to spare', 200, 0.2, true],
  ['none was served for a second', 1000, 0, false],
])('once one was overdue nothing is initialised, until %s', async (_, ms, idle, asks) => {
  const { host, initSlots, turns, next, after } = await openLine(3);
  await after(1000);
  expect(next()).toBe('0');
  host.idle = 0;
  initSlots.give();
  await after(600);
  expect(turns).toEqual([false, null, null]);
  if (asks) expect(next()).toBe('1');
  host.idle = idle;
  await after(ms);
  expect(turns).toEqual(asks ? [false, false, true] : [false, true, null]);
});

test('others are initialised meanwhile', async () => {
  const { host, initSlots, next, after } = await openLine(2);
  const other = vi.fn();
  void initSlots.take().then(other);
  await after(1000);
  next();
  host.idle = 0;
  initSlots.give();
  await after(0);
  expect(other).toHaveBeenCalled();
});

test('a line that closes refuses all', async () => {
  const { line, settled, turns, environments, host, after } = await openLine(2);
  line.close();
  await after(0);
  expect(settled).toEqual(['refused', 'refused']);
  expect(turns).toEqual([false, false]);
  expect(environments.map(({ state }) => state)).toEqual(['gone', 'gone']);
  expect(host).toMatchObject({ queued: 0, skipped: 0 });
});

test('a storm: each request is answered once, and no environment is left', async () => {
  vi.useRealTimers();
  const configuration = {
    name: 'f',
    version: LATEST,
    runtime: 'nodejs24.x',
    memoryMb: 128,
    timeoutS: 60,
    arn: 'arn',
  } as FunctionConfiguration;
  const counts = { running: 0, queued: 0, started: 0, skipped: 0 };
  const living = new Set<Environment>();
  const pool = new Pool(
    {
      settings: withDefaults({
        initPatienceMs: 20,
        cgroups: { version: null, quotas: false, reason: 'fake', mend: null },
      }),
      telemetry: NO_TELEMETRY,
      initSlots: new Slots(1),
      onLine() {},
      launcher: (_, logStream, initialization) => async (address) => {
        await sleep(5);
        return fakeLaunch({ configuration, logStream, initialization }, async () => {})(address);
      },
      refusal: () => null,
      environmentStarted: (environment) => {
        counts.started += 1;
        living.add(environment);
      },
      environmentGone: (environment) => living.delete(environment),
      environmentsQueued: (more) => {
        counts.queued += more;
      },
      idleCpuShare: () => 0,
      waitedForInit() {},
      initSkipped: () => {
        counts.skipped += 1;
      },
    },
    {
      scaling: new TokenBucket(1e6, 1e7, nowUs()),
      enter: () => {
        counts.running += 1;
        return null;
      },
      leave: () => {
        counts.running -= 1;
      },
    },
    () => configuration,
  );
  const asked: Promise<InvocationResult>[] = [];
  const ask = (requests: number) => {
    for (let i = 0; i < requests; i += 1) {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      asked.push(promise);
      const request = {
        functionName: 'f',
        qualifier: null,
        requestId: randomHex(16),
        payload: Buffer.from('null'),
        trace: { root: `1-5f84c7a1-${randomHex(12)}`, parent: null, sampled: true },
        clientContext: null,
        receivedUs: nowUs(),
        openStream: null,
      };
      pool.invoke(request, resolve);
    }
  };
  ask(40);
  await asked[0];
  ask(40);
  await sleep(30);
  // As an update of the function does: what waits stays in line.
  pool.retireAll();
  ask(40);
  const results = await Promise.all(asked);
  expect(results.filter(({ kind }) => kind !== 'answer')).toEqual([]);
  expect(counts).toMatchObject({ running: 0, queued: 0 });
  expect(counts.skipped).toBeGreaterThan(0);
  await pool.endAll();
  expect(living.size).toBe(0);
  expect(counts.started + counts.skipped).toBeLessThanOrEqual(120);
});
