import { expect, test } from 'vitest';
import type { Check } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { alter, analyse, ladder } from '../testing/analyse.ts';

/** What coverage says where not all could be found. */
async function coverage(change: (trial: Trial) => void): Promise<Record<string, Check>> {
  const { cells } = await analyse([{ requests: ladder(400), change }]);
  const checks = cells[0]?.validity.checks ?? [];
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

test('requests that were not sampled lack no trace, and no REPORT line that is there', async () => {
  const counts = { sampled: 20, withTrace: 20, withReport: 20, withBoth: 20 };
  const checks = await coverage(alter({ merge: counts }));
  expect(checks['trace-coverage']).toMatchObject({
    state: 'sound',
    value: 1,
    shown: '20 of 20 (100%) that were sampled, 5.00% of all',
  });
  expect(checks['report-coverage']).toMatchObject({
    state: 'sound',
    shown: '400 of 400 (100%); which request 380 of them belong to is not known',
  });
});

test('sampled requests that lack a trace are missing it', async () => {
  const checks = await coverage(alter({ merge: { sampled: 20, withTrace: 18 } }));
  expect(checks['trace-coverage']).toMatchObject({ state: 'doubtful', value: 0.9 });
});

test('an endpoint of which nothing is known has unknown coverage, not a bad one', async () => {
  const checks = await coverage((trial) => {
    alter({ merge: { withTrace: 0, withReport: 0, withBoth: 0, invocations: 0 } })(trial);
    for (const code of ['xray-unavailable', 'logs-unavailable']) {
      trial.warnings.push({ code, severity: 'note', message: 'not asked' });
    }
  });
  expect(checks['trace-coverage']?.state).toBe('unknown');
  expect(checks['report-coverage']).toMatchObject({
    state: 'unknown',
    shown: 'not asked: the function behind this endpoint is not known',
  });
});
