import { expect, test } from 'vitest';
import type { LoadFacts } from '../../model/load-facts.ts';
import type { Cell, Run } from '../../model/run.ts';
import { memoryOf } from '../../model/testing/an-endpoint.ts';
import { aCell, anAnalysis, aRun, loadsOf, measured } from '../testing/measured-run.ts';
import { checkBaseline, initProbesOf, mismatches } from './check.ts';
import { conditionsOf } from './conditions.ts';
import { baselineOf } from './save.ts';

const CELLS = [aCell(512), aCell(1024)];
const IDS = CELLS.map(({ id }) => id);
const LABEL = 'bench-baseline.json';
const BASELINE = baselineOf(
  anAnalysis(
    aRun(CELLS),
    CELLS.map((cell) => measured(cell, [10, 11, 12])),
  ),
  loadsOf(CELLS),
  null,
);

/** What a head of the same cells is asked, with what a test wants different. */
function head(
  change: (run: Run, loads: Map<string, LoadFacts>) => void = () => {},
  cells: Cell[] = structuredClone(CELLS),
) {
  const run = aRun(cells);
  const loads = loadsOf(cells);
  change(run, loads);
  return conditionsOf({ plan: run.plan, fingerprint: run.fingerprint, loads });
}

function messageOf(asked: ReturnType<typeof head>, cellIds = IDS): string {
  try {
    checkBaseline({ baseline: BASELINE, label: LABEL, head: asked, cellIds });
  } catch (error) {
    expect(error).toHaveProperty('name', 'UsageError');
    return (error as Error).message;
  }
  return 'the same';
}

test('what was asked the same can be compared, also as a side of a gate', () => {
  expect(messageOf(head())).toBe('the same');
  const sides = CELLS.map((cell) =>
    aCell(memoryOf(cell), { endpoint: { ...cell.endpoint, revision: 'head' } }),
  );
  expect(messageOf(head(() => {}, sides))).toBe('the same');
  // Other rounds, another order and another bench are no other conditions.
  const asked = head((run) => {
    Object.assign(run.plan, { rounds: 30, seed: 9 });
    run.fingerprint.tool = '9.9.9';
  });
  expect(messageOf(asked)).toBe('the same');
});

test('another environment is refused with the key and both values', () => {
  const k6 = head((run) => Object.assign(run.fingerprint, { k6: '2.3.0' }));
  expect(messageOf(k6)).toMatch(
    /^cannot compare: k6 is 2\.2\.0 in bench-baseline\.json and 2\.3\.0 here\n {2}gate under its conditions, or [^\n]*$/,
  );
  const machine = head((run) =>
    Object.assign(run.fingerprint, { cores: 4, node: '22.0.0', cpuMode: 'none', arch: 'arm64' }),
  );
  for (const said of [
    'architecture is x64 in bench-baseline.json and arm64 here',
    'cores is 2 in bench-baseline.json and 4 here',
    'Node.js is 24.1.0 in bench-baseline.json and 22.0.0 here',
    'CPU in proportion to memory is quota in bench-baseline.json and none here',
  ])
    expect(messageOf(machine)).toContain(said);
});

test('elsewhere than here the machine only sends the load', () => {
  const keys = ({ conditions }: ReturnType<typeof head>) => Object.keys(conditions);
  expect(keys(head())).toContain('cores');
  expect(keys(head((run) => Object.assign(run.plan, { target: 'aws' })))).not.toContain('cores');
});

test.each<[string, (cell: Cell, load: LoadFacts) => void]>([
  ['runtime is nodejs24.x', (cell) => Object.assign(cell.endpoint, { runtime: 'nodejs22.x' })],
  ['dataset is x1', (cell) => Object.assign(cell.endpoint, { dataset: 'x100' })],
  ['timeout of the function (s) is 30', (cell) => Object.assign(cell.endpoint, { timeoutS: 5 })],
  ['load: hold (s) is 10', (cell) => Object.assign(cell.profile, { holdS: 11 })],
  ['request timeout (s) is 10', (_, load) => Object.assign(load, { requestTimeoutS: 1 })],
  ['operations is Tweets 25%, User 75%', (_, { operations }) => void operations.pop()],
  [
    'query of User is ',
    (_, { operations: [user] }) => Object.assign(user as object, { query: '{ c }' }),
  ],
  [
    'variables of User is 5 rows, aaaaaaaaaaaa',
    (_, { operations: [user] }) => Object.assign(user as object, { rows: 4 }),
  ],
])('%s: a difference of one cell is said with its id, of all without', (said, change) => {
  const every = head((run, loads) => {
    for (const cell of run.plan.cells) change(cell, loads.get(cell.id) as LoadFacts);
  });
  expect(messageOf(every)).toMatch(/^cannot compare: [^\n]*\n {2}gate under [^\n]*$/);
  expect(messageOf(every)).toContain(`cannot compare: ${said}`);
  const one = head(
    (
      {
        plan: {
          cells: [, cell],
        },
      },
      loads,
    ) => change(cell as Cell, loads.get('dynamo-1024') as LoadFacts),
  );
  expect(messageOf(one)).toContain(`cannot compare: dynamo-1024: ${said}`);
  expect(messageOf(one, ['dynamo-512'])).toBe('the same');
});

test('another scenario is one difference, not one for each of its settings', () => {
  const asked = head((run) => {
    for (const cell of run.plan.cells) cell.profile = { kind: 'users', users: 10, overS: 5 };
  });
  expect(mismatches(BASELINE, asked, IDS)).toEqual([
    { key: 'scenario', old: 'ramp', new: 'users' },
  ]);
});

test('a rate that each run takes from its host is no condition', () => {
  const burst = (ratePerS: number) =>
    head((run) => {
      for (const cell of run.plan.cells) {
        cell.profile = { kind: 'burst', ratePerS, rateFromHost: true, holdS: 5 };
      }
    });
  expect(burst(7)).toEqual(burst(8));
});

test('init before the load and init under it are two figures', () => {
  const asked = head((run) => Object.assign(run.plan, { initProbes: 5 }));
  expect(messageOf(asked)).toContain(
    'cannot compare: initialisations before each trial is 0 in bench-baseline.json and 5 here\n',
  );
  expect(initProbesOf(BASELINE)).toBe(0);
  expect(initProbesOf({ ...BASELINE, conditions: asked.conditions })).toBe(5);
});

test('a condition that one of them does not have is a difference', () => {
  const { k6: _, ...conditions } = BASELINE.conditions;
  expect(mismatches({ ...BASELINE, conditions }, head(), IDS)).toEqual([
    { key: 'k6', old: 'none', new: '2.2.0' },
  ]);
});

test('a gating cell it does not have, or has too few trials of, is named', () => {
  expect(messageOf(head(), [...IDS, 'dynamo-2048'])).toBe(
    'bench-baseline.json has no dynamo-2048; it has dynamo-512 and dynamo-1024: name one of these, or save a run that has them all',
  );
  const few = structuredClone(BASELINE);
  few.cells[1]?.trials.pop();
  const job = { baseline: few, label: LABEL, head: head() };
  expect(() => checkBaseline({ ...job, cellIds: IDS })).toThrow(/has 2 trials of dynamo-1024/);
  expect(() => checkBaseline({ ...job, cellIds: ['dynamo-512'] })).not.toThrow();
});
