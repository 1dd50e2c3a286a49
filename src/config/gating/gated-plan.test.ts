import { describe, expect, test } from 'vitest';
import type { Baseline } from '../../model/gate.ts';
import { planSchema } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { gatedPlan } from './gated-plan.ts';
import { gateOptions } from './options.ts';
import type { GateConfigInput } from './schema.ts';

const RAMP: LoadProfile = { kind: 'ramp', ratePerS: 50, warmUpS: 1, rampS: 1, holdS: 8 };
const SIDES = {
  base: { label: 'main', commit: 'abc', note: null },
  head: { label: 'working tree', commit: null, note: null },
};

function planOf(profile: LoadProfile = RAMP) {
  const cells = [512, 1024].flatMap((memoryMb) =>
    ['dynamo', 'rest'].map((backend) => ({
      id: `${backend}-${memoryMb}-ramp`,
      endpoint: anEndpoint({ backend, memoryMb }),
      profile,
    })),
  );
  return planSchema.parse({ target: 'local', cells, rounds: 1, seed: 1 });
}

function gatedOf(gate: GateConfigInput = {}, flags = {}, profile = RAMP) {
  const options = gateOptions({ against: 'main', ...flags }, { name: 'c.ts', gate }, '/');
  return gatedPlan(planOf(profile), options, SIDES, null);
}
const idsOf = ({ cells }: { cells: readonly { id: string }[] }) => cells.map(({ id }) => id);

describe('the plan of a gate', () => {
  test('has both sides of each cell that gates, and no other', () => {
    const plan = gatedOf({ cells: ['dynamo-1024*', '*-512-ramp'], maxPairs: 7 });
    expect(idsOf(plan)).toEqual([
      'dynamo-512-ramp-base',
      'dynamo-512-ramp-head',
      'rest-512-ramp-base',
      'rest-512-ramp-head',
      'dynamo-1024-ramp-base',
      'dynamo-1024-ramp-head',
    ]);
    expect(plan.cells.map(({ endpoint }) => endpoint.revision)).toEqual([
      'base',
      'head',
      'base',
      'head',
      'base',
      'head',
    ]);
    expect(plan).toMatchObject({ rounds: 7, initProbes: null });
    expect(plan.gate).toMatchObject({
      mode: 'paired',
      ...SIDES,
      cellIds: ['dynamo-512-ramp', 'rest-512-ramp', 'dynamo-1024-ramp'],
    });
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  test('has the later limit of two for one metric of a cell, and none of cells that do not gate', () => {
    const plan = gatedOf({
      cells: 'dynamo*',
      budgets: { '*': { p50: '120ms', init: '1s' }, 'dynamo-512*': { p50: '80ms' } },
    });
    expect(plan.gate?.budgets).toEqual([
      { cellId: 'dynamo-512-ramp', metric: 'p50', limit: 80 },
      { cellId: 'dynamo-1024-ramp', metric: 'p50', limit: 120 },
      { cellId: 'dynamo-512-ramp', metric: 'init', limit: 1000 },
      { cellId: 'dynamo-1024-ramp', metric: 'init', limit: 1000 },
    ]);
  });

  test('has its cells as they are beside a baseline and beside limits', () => {
    const options = gateOptions({ baseline: 'b.json' }, null, '/');
    const baseline = { runId: 'r' } as Baseline;
    const plan = gatedPlan(planOf(), { ...options, skipSame: true }, SIDES, baseline);
    expect(idsOf(plan)).toEqual(idsOf(planOf()));
    expect(plan.cells.every(({ endpoint }) => endpoint.revision === null)).toBe(true);
    expect(plan.gate).toMatchObject({ mode: 'baseline', baseline, skipSame: false });
    expect(plan.rounds).toBe(10);
    const budgets = gatedOf(
      { budgets: { '*': { p50: '1s' } } },
      { against: undefined, budgetsOnly: true },
    );
    expect(budgets.gate).toMatchObject({ mode: 'budgets', metrics: [] });
  });
});

test.each<[GateConfigInput, RegExp]>([
  [{ cells: 'mongo*' }, /^c.ts: gate.cells: "mongo\*" matches no cell; there is dynamo-512-ramp, /],
  [{ cells: 'dynamo' }, /"dynamo" matches no cell/],
  [{ cells: 'd.*' }, /"d\.\*" matches no cell/],
  [{ budgets: { 'x*': { p50: '1s' } } }, /^c.ts: gate.budgets\['x\*'\].p50: "x\*" matches no cell/],
])('%j is refused', (gate, message) => {
  expect(() => gatedOf(gate)).toThrow(message);
});

describe('p99', () => {
  const p99 = { metrics: 'p99=5%' };
  test('is gated where a hold gives 368 requests, and else says what to raise', () => {
    expect(() => gatedOf({}, p99)).not.toThrow();
    expect(() => gatedOf({}, p99, { ...RAMP, holdS: 7 })).toThrow(
      /^--metrics: p99 needs 368 .* and of dynamo-512-ramp there are 350; raise --hold to 8s, or --rate to 53$/,
    );
    expect(() => gatedOf({}, p99, { kind: 'users', users: 367, overS: 1 })).toThrow(
      /there are 367; raise --users to 368/,
    );
    const burst = { kind: 'burst', ratePerS: 200, rateFromHost: true, holdS: 20 } as const;
    expect(() => gatedOf({}, p99, burst)).toThrow(/is not known before the run; write --rate 19 /);
    expect(() =>
      gatedOf({ budgets: { '*': { p99: '1s' } } }, {}, { ...RAMP, ratePerS: 10 }),
    ).toThrow(/^c.ts: gate.budgets\['\*'\].p99: p99 needs 368/);
  });
});
