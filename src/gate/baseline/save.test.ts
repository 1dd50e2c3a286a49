import { expect, test } from 'vitest';
import { baselineSchema } from '../../model/gate.ts';
import { aCell, anAnalysis, aRun, loadsOf, measured } from '../testing/measured-run.ts';
import { baselineOf, leftOutOf } from './save.ts';

const SMALL = aCell(512);
const LARGE = aCell(1024);

test('of a run every trial that counts, with what it takes to know its conditions', () => {
  const run = aRun([SMALL, LARGE]);
  const analysis = anAnalysis(run, [
    measured(SMALL, [10, 11, 12, 13], { spoiled: [2] }),
    measured(LARGE, [5, 6, 7], { trial: { holdRequests: 368, handlerMs: 2, initMs: 80 } }),
  ]);
  const baseline = baselineSchema.parse(baselineOf(analysis, loadsOf(run.plan.cells), 'c0ffee'));
  expect(baseline).toMatchObject({ runId: run.runId, tool: '0.1.0', commit: 'c0ffee' });
  const [small, large] = baseline.cells;
  expect(small?.trials.map(({ values }) => values.p50)).toEqual([10, 12, 13]);
  // 100 requests of hold give no p99; what was not measured is not there.
  expect(small?.trials[0]).toEqual({
    values: { p50: 10, errorRate: 0.005, coldShare: 0.02 },
    requests: 200,
    failures: 1,
    knownRequests: 200,
    coldRequests: 4,
  });
  expect(large?.trials[0]?.values).toMatchObject({ p99: 90, handler: 2, init: 80 });
  expect(large).toMatchObject({ bundleBytes: 1_000, backendCalls: { User: 2 } });
  expect(baseline.conditions).toMatchObject({ k6: '2.2.0', 'Node.js': '24.1.0', cores: '2' });
  expect(large?.conditions).toMatchObject({ memory: '1024 MB', scenario: 'ramp' });
});

test('of a gate the head, under the ids of its cells without the revision', () => {
  const [base, head] = (['base', 'head'] as const).map((revision) =>
    aCell(512, { endpoint: { ...SMALL.endpoint, revision } }),
  ) as [typeof SMALL, typeof SMALL];
  const run = aRun([base, head]);
  const analysis = anAnalysis(run, [measured(base, [1, 2, 3]), measured(head, [4, 5, 6])]);
  const baseline = baselineOf(analysis, loadsOf([base, head]), null);
  expect(baseline.cells).toHaveLength(1);
  expect(baseline.cells[0]).toMatchObject({ cellId: 'dynamo-512', bundleBytes: 1_000 });
  expect(baseline.cells[0]?.trials.map(({ values }) => values.p50)).toEqual([4, 5, 6]);
  expect(Object.keys(baseline.cells[0]?.conditions ?? {})).not.toContain('revision');
  // The same conditions as of a run that was no gate.
  const plain = anAnalysis(aRun([SMALL]), [measured(SMALL, [4, 5, 6])]);
  expect(baselineOf(plain, loadsOf([SMALL]), null).cells[0]?.conditions).toEqual(
    baseline.cells[0]?.conditions,
  );
});

test('cells with too few trials are left out; with no other the run is refused', () => {
  const run = aRun([SMALL, LARGE]);
  const few = measured(SMALL, [10, 11, 12], { spoiled: [1] });
  const analysis = anAnalysis(run, [few, measured(LARGE, [5, 6, 7])]);
  // Of a cell that is left out nothing needs to be known.
  const baseline = baselineOf(analysis, loadsOf([LARGE]), null);
  expect(baseline.cells.map(({ cellId }) => cellId)).toEqual(['dynamo-1024']);
  expect(leftOutOf(analysis)).toEqual([{ cellId: 'dynamo-512', trials: 2 }]);
  expect(() => baselineOf(anAnalysis(run, [few]), loadsOf([SMALL]), null)).toThrow(
    /needs 3 trials of a cell that count.*dynamo-512 has 2 \(.* spoiled 1\): .*more --rounds/,
  );
});

test('a run that did not finish, and one whose load is not known, are refused', () => {
  const run = aRun([SMALL]);
  const analysis = anAnalysis(run, [measured(SMALL, [4, 5, 6])]);
  expect(() => baselineOf(analysis, new Map(), null)).toThrow(/dynamo-512.*raw\/load-plan.json/);
  run.status = 'interrupted';
  expect(() => baselineOf(analysis, loadsOf([SMALL]), null)).toThrow(/was interrupted/);
});
