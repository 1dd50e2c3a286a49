import { expect, test } from 'vitest';
import { gatedPlan } from '../../config/gating/gated-plan.ts';
import { gateOptions } from '../../config/gating/options.ts';
import { type Plan, planSchema } from '../../model/run.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { confirmGate, gateSize } from './gate-size.ts';

const SIDE = { label: 'main', commit: null, note: null };

/** A gate of cells whose trial is a load of 20 s. */
function gateOf(flags: Record<string, string>, cells = 1): Plan {
  const plan = planSchema.parse({
    target: 'local',
    rounds: 1,
    seed: 1,
    cells: Array.from({ length: cells }, (_, index) => ({
      id: `cell-${index}`,
      endpoint: anEndpoint(),
      profile: { kind: 'users', users: 400, overS: 20 },
    })),
  });
  const options = gateOptions({ against: 'main', initProbes: '0', ...flags }, null, '/');
  return gatedPlan(plan, options, { base: SIDE, head: SIDE }, null);
}

test('a gate says how long it takes at most and at least, and where its time is too short', () => {
  expect(gateSize(gateOf({}))).toBe(
    'at most 30 pairs, about 21 m 00 s; it ends with the first verdict, after 5 pairs (about 3 m 30 s) at the earliest',
  );
  expect(gateSize(gateOf({ budget: '8m' }, 3))).toBe(
    'at most 30 pairs of each of 3 cells, about 8 m 00 s; --budget may end it before the 5 pairs (about 10 m 30 s) that a verdict takes',
  );
  expect(gateSize(gateOf({ minPairs: '4', maxPairs: '4' }))).toBe('4 pairs, about 2 m 48 s');
});

test('it asks where it may take over an hour, unless it is told to or has a time limit', async () => {
  const long = gateOf({}, 3);
  await expect(confirmGate(long, false, null)).rejects.toThrow(
    /^this is at most 30 pairs of each of 3 cells, .*: name fewer cells or --max-pairs, .*--yes$/,
  );
  await confirmGate(long, true, null);
  await confirmGate(gateOf({ budget: '30m' }, 3), false, null);
  await confirmGate(gateOf({}), false, null);
});
