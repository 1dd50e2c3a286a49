import { expect, test } from 'vitest';
import type { Endpoint } from '../model/endpoint.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { Run } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { burstWarnings, settleBurstRates } from './host-rate.ts';
import type { LiveCell } from './provision.ts';
import type { Tools } from './types.ts';

const BURST = { kind: 'burst', ratePerS: 200, rateFromHost: true, holdS: 20 } as const;
const RAMP = { kind: 'ramp', ratePerS: 50, warmUpS: 0, rampS: 0, holdS: 1 } as const;

/** A run of these cells on a host that initialises `perS` environments a second. */
async function settled(perS: number | null, cells: [Partial<Endpoint>, LoadProfile][]) {
  const live = cells.map(([own, profile], index) => ({
    cell: { id: `c${index}`, endpoint: anEndpoint(own), profile },
    endpoint: { functionName: `c${index}` },
  })) as LiveCell[];
  const run = { plan: { cells: live.map(({ cell }) => cell) }, hostInitsPerS: null };
  const measured: (string | null)[] = [];
  const target = {
    measureInitRate: async ({ functionName }: ProvisionedEndpoint) => {
      measured.push(functionName);
      return perS;
    },
  };
  await settleBurstRates(run as unknown as Run, live, { target } as unknown as Tools, () => {});
  expect(run.plan.cells).toEqual(live.map(({ cell }) => cell));
  return { run, measured, profiles: live.map(({ cell }) => cell.profile) };
}

test('the rate is measured once, of the largest function of the first backend', async () => {
  const { run, measured, profiles } = await settled(16.47, [
    [{ memoryMb: 512 }, BURST],
    [{ memoryMb: 1024 }, BURST],
    [{ memoryMb: 3008, backend: 'rest' }, BURST],
    [{ memoryMb: 2048 }, { ...BURST, ratePerS: 5, rateFromHost: false }],
  ]);
  expect(measured).toEqual(['c3']);
  expect(run.hostInitsPerS).toBe(16.47);
  const rates = profiles.map((profile) => profile.kind === 'burst' && profile.ratePerS);
  expect(rates).toEqual([16, 16, 16, 5]);
});

test.each([
  [8.96, 8.9],
  [0.29, 1],
  [1.1, 1.1],
  [2.3, 2.3],
  [129, 120],
  [1000, 1000],
])('of %d environments a second, a burst of %d', async (perS, ratePerS) => {
  const { profiles } = await settled(perS, [[{}, BURST]]);
  expect(profiles).toEqual([{ ...BURST, ratePerS }]);
});

test('a target without such a limit keeps the rate of the plan', async () => {
  const { run, profiles } = await settled(null, [[{}, BURST]]);
  expect([run.hostInitsPerS, profiles]).toEqual([null, [BURST]]);
});

test('without a burst nothing is measured', async () => {
  expect((await settled(16, [[{}, RAMP]])).measured).toEqual([]);
});

test('a burst above what the host can initialise is void', () => {
  const above = burstWarnings({ ...BURST, ratePerS: 20 }, 16.47);
  expect(above).toMatchObject([{ code: 'burst-above-host', severity: 'void' }]);
  expect(above[0]?.message).toMatch(/20\.0 requests\/s.* 16\.5 environments\/s/);
  expect(burstWarnings({ ...BURST, ratePerS: 16 }, 16.47)).toEqual([]);
  expect(burstWarnings({ ...BURST, ratePerS: 20 }, null)).toEqual([]);
  expect(burstWarnings(RAMP, 1)).toEqual([]);
});
