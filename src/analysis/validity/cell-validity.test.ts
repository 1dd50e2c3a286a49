import { expect, test } from 'vitest';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { alter, analyse, ladder } from '../testing/analyse.ts';

test('broken trials are left out; alone they are shown and void', async () => {
  const failed = (trial: Trial) => {
    trial.status = 'interrupted';
  };
  const both = await analyse([{ requests: ladder(400) }, { requests: ladder(50), change: failed }]);
  expect(both.cells[0]).toMatchObject({ trials: 1, requests: 400 });
  expect(both.cells[0]?.validity.state).toBe('doubtful');
  const alone = await analyse([{ requests: ladder(50), change: failed }]);
  expect(alone.cells[0]).toMatchObject({ trials: 1, requests: 50 });
  expect(alone.cells[0]?.validity.state).toBe('void');
  expect(alone.headline[0]).toBe('No figure of this run can be relied on.');
});

test('why a trial broke off is said by one check', async () => {
  const warning = (code: string, message: string) => ({ code, severity: 'void' as const, message });
  const failed = (trial: Trial) => {
    trial.status = 'failed';
    trial.warnings = [warning('trial-failed', 'the database ended')];
  };
  const worse = (cells: CellAnalysis[]) =>
    cells[0]?.validity.checks
      .filter(({ state }) => state === 'void' || state === 'doubtful')
      .map(({ name, shown }) => [name, shown]);
  const alone = await analyse([{ requests: ladder(400), change: failed }]);
  expect(worse(alone.cells)).toEqual([
    [
      'finished-trials',
      'all (the database ended): the figures are of what was measured until then',
    ],
  ]);
  const both = await analyse([
    { requests: ladder(400) },
    { requests: ladder(400), change: failed },
  ]);
  expect(worse(both.cells)).toEqual([['finished-trials', '1, left out (the database ended)']]);
});

test.each([
  [9, ['dropped-iterations']],
  [1, ['dropped-iterations', 'voiding-warnings']],
])(
  'a voiding warning of %i dropped arrivals is a check where none voids for it',
  async (n, names) => {
    const { cells } = await analyse([
      {
        requests: ladder(1500),
        change: (trial) => {
          alter({ engine: { droppedIterations: n, scheduledIterations: 1500 + n } })(trial);
          trial.warnings = [
            { code: 'dropped-iterations', severity: 'void', message: `k6 dropped ${n}` },
          ];
        },
      },
    ]);
    const { checks, state } = cells[0]?.validity ?? { checks: [], state: null };
    const bad = checks.filter((c) => c.state === 'void' || c.state === 'doubtful');
    expect(bad.map(({ name }) => name)).toEqual(names);
    expect(state).toBe('void');
  },
);

test.each([
  ['dropped-iterations', { engine: { droppedIterations: 9, scheduledIterations: 409 } }, 'void'],
  ['schedule', { engine: { scheduledIterations: 405 } }, 'doubtful'],
  ['generator-cpu', { engine: { cpuUs: 60e6 } }, 'doubtful'],
  ['host-wait', { host: { hostWaitUs: 60e6 } }, 'void'],
  ['init-queue', { host: { initQueueUs: 5e4 } }, 'doubtful'],
  ['skipped-inits', { host: { initsSkipped: 4 } }, 'doubtful'],
  ['skipped-inits', { host: { initsSkipped: 5 } }, 'void'],
  ['host-refusals', { host: { hostRefusals: 1 } }, 'void'],
  ['throttles', { host: { throttles: 1 } }, 'doubtful'],
  ['lost-datagrams', { host: { lostDatagrams: 2 } }, 'doubtful'],
  ['cpu-quota', { host: { cpuMode: 'none' } }, 'doubtful'],
  ['lost-samples', { merge: { lostSamples: 1 } }, 'doubtful'],
  ['damaged-data', { merge: { damaged: 1 } }, 'doubtful'],
  ['negative-parts', { merge: { negativeParts: 40 } }, 'doubtful'],
  ['report-coverage', { merge: { withReport: 390 } }, 'doubtful'],
] as const)('validity: %s', async (name, change, state) => {
  const requests = [{ totalMs: 150, cold: true, initMs: 100 }, ...ladder(399)];
  const { cells } = await analyse([{ requests, change: alter(change) }]);
  const { checks, state: overall } = cells[0]?.validity ?? { checks: [], state: null };
  expect(
    checks
      .filter((c) => c.state !== 'sound' && c.state !== 'unknown')
      .map((c) => [c.name, c.state]),
  ).toEqual([[name, state]]);
  expect(overall).toBe(state);
});
