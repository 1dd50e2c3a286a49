import { expect, test } from 'vitest';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { alter, analyseOne, CELL, ladder, type MadeTrial } from '../testing/analyse.ts';

const SPOILED = alter({ host: { hostWaitUs: 100e6 } });
const slow = () => ladder(400).map((r) => ({ ...r, totalMs: 3 * r.totalMs }));
const sound = (): MadeTrial => ({ requests: ladder(400) });
const spoiled = (): MadeTrial => ({ requests: slow(), change: SPOILED });

const checkOf = (cell: CellAnalysis, name: string) =>
  cell.validity.checks.find((check) => check.name === name);

test('a trial that the host spoiled is left out of figures and stays in the counts', async () => {
  const cell = await analyseOne([sound(), spoiled(), sound(), sound()]);
  expect(cell).toMatchObject({ trials: 3, requests: 1600, holdRequests: 1200 });
  expect(cell.latency.p50.value).toBeCloseTo(200, 9);
  expect(cell.latency.p50.trials).toBe(3);
  expect(cell.perTrial.map(({ trial }) => trial)).toEqual([1, 3, 4]);
  expect(new Set(cell.timeline.points.map(({ trial }) => trial))).toEqual(new Set([1, 3, 4]));
  expect(cell.validity.state).toBe('doubtful');
  expect(checkOf(cell, 'host-wait')?.state).toBe('sound');
  expect(checkOf(cell, 'trials-left-out')).toMatchObject({
    value: 1,
    state: 'doubtful',
    shown: '1 of 4 (trial 2), left out: Wait of environments for a core of this host (1)',
  });
  expect(cell.validity.trials.map(({ state, used }) => [state, used])).toEqual([
    ['sound', true],
    ['void', false],
    ['sound', true],
    ['sound', true],
  ]);
  expect(cell.validity.trials[1]?.reasons).toEqual([
    expect.stringMatching(/^Wait of environments for a core of this host: /),
  ]);
});

test('of two trials one may be left out: its figure has no interval; more than half void the cell', async () => {
  const pair = await analyseOne([sound(), spoiled()]);
  expect(pair).toMatchObject({ trials: 1, validity: { state: 'doubtful' } });
  const most = await analyseOne([sound(), spoiled(), spoiled()]);
  expect(most).toMatchObject({ trials: 3, validity: { state: 'void' } });
  expect(most.validity.trials.every(({ used }) => used)).toBe(true);
});

test('the mean of all may be sound and most trials void: then the cell is void by them', async () => {
  const wait = (us: number): MadeTrial => ({
    requests: ladder(400),
    change: alter({ host: { hostWaitUs: us } }),
  });
  // At work for 80.2 s each: 26% in two, nothing in the third.
  const cell = await analyseOne([wait(21e6), wait(21e6), wait(0)]);
  expect(checkOf(cell, 'host-wait')?.state).toBe('sound');
  expect(checkOf(cell, 'trials-left-out')).toMatchObject({ state: 'void', value: 2 });
  expect(cell.validity.state).toBe('void');
});

test('what the endpoint did leaves no trial out: failures are judged over all', async () => {
  const failing = ladder(400).map((r, i) =>
    i < 60 ? { ...r, outcome: 'http_error', error: 'status 502' } : r,
  );
  const cell = await analyseOne([sound(), { requests: failing }, sound(), sound()]);
  expect(cell.trials).toBe(4);
  expect(checkOf(cell, 'failures')).toMatchObject({
    about: 'system',
    state: 'doubtful',
    shown: '60 of 1,600 (3.75%)',
  });
  expect(checkOf(cell, 'trials-left-out')).toBeUndefined();
  expect(cell.validity.trials[1]).toMatchObject({ state: 'void', used: true });
});

test('failures of a trial that is left out count', async () => {
  const failing = slow().map((r, i) => (i < 8 ? { ...r, outcome: 'http_error', error: 'x' } : r));
  const cell = await analyseOne([sound(), sound(), { requests: failing, change: SPOILED }]);
  expect(cell.trials).toBe(2);
  expect(cell.outcomes.http_error).toBe(8);
  expect(cell.failureShare).toMatchObject({ value: 8 / 1200, n: 1200 });
  expect(cell.latency.p50.value).toBeCloseTo(200, 9);
});

test('a warning that no check measures leaves its trial out', async () => {
  const warned = (trial: Trial) => {
    trial.warnings = [{ code: 'burst-above-host', severity: 'void', message: 'above the host' }];
  };
  const cell = await analyseOne([sound(), sound(), { requests: slow(), change: warned }]);
  expect(cell).toMatchObject({ trials: 2, validity: { state: 'doubtful' } });
  expect(cell.validity.trials[2]?.reasons).toEqual(['Warnings that void a trial: above the host']);
});

test('trials that broke off are listed with their reason', async () => {
  const failed = (trial: Trial) => {
    trial.status = 'failed';
    trial.warnings = [{ code: 'trial-failed', severity: 'void', message: 'the database ended' }];
  };
  const cell = await analyseOne([sound(), { requests: ladder(50), change: failed }]);
  expect(cell.validity.trials).toMatchObject([
    { trial: 1, state: 'sound', used: true, spoiled: false, reasons: [] },
    { trial: 2, state: 'void', used: false, spoiled: true, reasons: ['the database ended'] },
  ]);
});

test('a database at its one core voids, one of several processes has all cores', async () => {
  const busy = alter({ host: { databaseCpuUs: 38e6 } });
  const dynamo = await analyseOne([{ requests: ladder(400), change: busy }]);
  expect(checkOf(dynamo, 'database-cpu')).toMatchObject({
    state: 'void',
    shown: '95.0% of the one core it can use',
  });
  const cell = { ...CELL, endpoint: { ...CELL.endpoint, backend: 'postgres' } };
  const postgres = await analyseOne([{ cell, requests: ladder(400), change: busy }]);
  expect(checkOf(postgres, 'database-cpu')).toMatchObject({
    state: 'sound',
    shown: '47.5% of 2 cores',
  });
});

test('forced cold starts that found an environment, and provisioned ones that were not ready', async () => {
  const profile = { kind: 'cold', coldStarts: 20, warmRequests: 1 } as const;
  const cold = (warmOnes: number): MadeTrial => ({
    cell: { ...CELL, profile },
    requests: Array.from({ length: 20 }, (_, i) => ({
      totalMs: 300,
      initMs: i < warmOnes ? 0 : 200,
      cold: i >= warmOnes,
    })),
  });
  const stateOf = async (n: number) => checkOf(await analyseOne([cold(n)]), 'forced-cold')?.state;
  expect([await stateOf(0), await stateOf(1), await stateOf(3)]).toEqual([
    'sound',
    'doubtful',
    'void',
  ]);
  const endpoint = { ...CELL.endpoint, provisionedConcurrency: 5 };
  const provisioned = await analyseOne([
    {
      cell: { ...CELL, endpoint },
      requests: ladder(400),
      change: alter({ host: { provisionedReady: 4 } }),
    },
  ]);
  expect(checkOf(provisioned, 'provisioned-ready')).toMatchObject({
    state: 'void',
    shown: '1 of 5 (20.0%)',
  });
});
