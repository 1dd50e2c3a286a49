import { expect, test } from 'vitest';
import { alter, analyseOne, CELL, ladder } from '../testing/analyse.ts';
import type { MadeRequest } from '../testing/trial-files.ts';

/** Three environments' first requests, one before the hold, and 297 warm ones: 4 ms of calls, 6 ms of handler. */
const requests: MadeRequest[] = [
  { totalMs: 290, cold: true, initMs: 200, backendMs: 50, phase: 'ramp' },
  { totalMs: 310, cold: true, initMs: 220, backendMs: 50 },
  { totalMs: 330, cold: true, initMs: 240, backendMs: 50 },
  ...Array.from({ length: 297 }, () => ({ totalMs: 10, backendMs: 4 })),
];

test('figures of single trials: medians of handler, first call, init and connection', async () => {
  const change = alter({ host: { environmentCpuUs: 3.6e6, initCpuUs: 0.6e6 } });
  const [trial] = (await analyseOne([{ requests, change }])).perTrial;
  expect(trial).toMatchObject({
    trial: 1,
    p50Ms: 10,
    backendMs: 4,
    handlerMs: 6,
    initMs: 220,
    firstCallMs: 40,
    connectionMs: 46,
    cpuMs: 10,
  });
  expect(trial?.costUsd).toBeGreaterThan(0);
});

test('a trial that does not tell has nulls: no cold start, no CPU of inits, no call traced', async () => {
  const warm = ladder(300, { backendCalls: 0, backendMs: 0 });
  const { perTrial } = await analyseOne([
    { requests: warm, change: alter({ host: { initCpuUs: null } }) },
  ]);
  expect(perTrial[0]).toMatchObject({
    initMs: null,
    firstCallMs: null,
    connectionMs: null,
    backendMs: null,
    cpuMs: null,
  });
  const bare = await analyseOne([{ requests: ladder(300, { bare: true }) }]);
  expect(bare.perTrial[0]).toMatchObject({ p50Ms: 150, handlerMs: null, initMs: null });
});

test('where no environment was cold the init is that of the prewarmed; forced ones are compared with `warm`', async () => {
  const prewarmed = [{ totalMs: 10, prewarmed: true, initMs: 180 }, ...ladder(300)];
  expect((await analyseOne([{ requests: prewarmed }])).perTrial[0]?.initMs).toBe(180);
  const cell = { ...CELL, profile: { kind: 'cold', coldStarts: 2, warmRequests: 2 } as const };
  const forced = [1, 2].flatMap((): MadeRequest[] => [
    { totalMs: 300, cold: true, initMs: 200, backendMs: 30 },
    { totalMs: 20, phase: 'warm', backendMs: 5 },
    { totalMs: 20, phase: 'warm', backendMs: 5 },
  ]);
  expect((await analyseOne([{ cell, requests: forced }])).perTrial[0]).toMatchObject({
    p50Ms: 300,
    initMs: 200,
    firstCallMs: 70,
    handlerMs: 15,
    connectionMs: 25,
  });
});
