import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Flags } from '../settings/from-flags.ts';
import { gateOptions } from './options.ts';
import { type GateConfigInput, gateConfigSchema } from './schema.ts';
import { GATE_FLAG_KEYS, gateFlagOf } from './table.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-gate-'));
  for (const file of ['old.js', 'new.js']) writeFileSync(join(cwd, file), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const against = { against: 'main' };
const optionsOf = (flags: Flags, gate?: GateConfigInput) =>
  gateOptions(flags, gate === undefined ? null : { name: 'bench.config.ts', gate }, cwd);
const GUARD = { metric: 'errorRate', tolerance: 0, guard: true };

describe('a gate', () => {
  test('judges p50 and init at 5% in 5 to 30 pairs where nobody says otherwise, and failures', () => {
    expect(optionsOf(against)).toEqual({
      sides: { kind: 'revision', against: 'main' },
      metrics: [
        { metric: 'p50', tolerance: 0.05, guard: false },
        { metric: 'init', tolerance: 0.05, guard: false },
        GUARD,
      ],
      metricsNamed: '--metrics',
      cells: { patterns: ['*'], named: 'bench.config: gate.cells' },
      budgets: [],
      alpha: 0.05,
      minPairs: 5,
      maxPairs: 30,
      budgetS: null,
      inconclusive: null,
      build: null,
      skipSame: false,
      initProbes: null,
      outputPath: null,
    });
  });

  test('is what the configuration says, and what flags say before it', () => {
    const config: GateConfigInput = {
      metrics: { p95: '10%', errorRate: '0.5%' },
      cells: 'dynamo*',
      alpha: 0.01,
      minPairs: 6,
      maxPairs: 12,
      budget: '8m',
      inconclusive: 'fail',
      build: 'npm ci',
      skipSame: true,
      initProbes: 0,
    };
    const configured = {
      metrics: [
        { metric: 'p95', tolerance: 0.1, guard: false },
        // Declared, so that there is no guard beside it.
        { metric: 'errorRate', tolerance: 0.005, guard: false },
      ],
      cells: { patterns: ['dynamo*'], named: 'bench.config.ts: gate.cells' },
      alpha: 0.01,
      minPairs: 6,
      maxPairs: 12,
      budgetS: 480,
      inconclusive: 'fail',
      build: 'npm ci',
      skipSame: true,
      initProbes: 0,
    };
    expect(optionsOf(against, config)).toMatchObject(configured);
    const flags = { metrics: 'init=2.5%', alpha: '.1', maxPairs: '8', inconclusive: 'pass' };
    expect(optionsOf({ ...against, ...flags }, config)).toMatchObject({
      ...configured,
      metrics: [{ metric: 'init', tolerance: 0.025, guard: false }, GUARD],
      alpha: 0.1,
      maxPairs: 8,
      inconclusive: 'pass',
    });
  });

  test('lets the bound of pairs that nobody said give way to the other', () => {
    const pairs = (flags: Flags) => {
      const { minPairs, maxPairs } = optionsOf({ ...against, ...flags });
      return [minPairs, maxPairs];
    };
    expect(pairs({ maxPairs: '3' })).toEqual([3, 3]);
    expect(pairs({ minPairs: '40' })).toEqual([40, 40]);
  });

  test('compares handlers, revisions, a baseline in 10 rounds, or with limits alone', () => {
    expect(optionsOf({ baseHandler: 'old.js', headHandler: './new.js#api' }).sides).toEqual({
      kind: 'handlers',
      base: { written: 'old.js', file: join(cwd, 'old.js'), exportName: 'handler' },
      head: { written: './new.js#api', file: join(cwd, 'new.js'), exportName: 'api' },
    });
    const baseline = { baseline: 'b.json' };
    expect(optionsOf({ ...baseline, enforce: true }, { minPairs: 5, maxPairs: 20 })).toMatchObject({
      sides: { kind: 'baseline', path: 'b.json', enforce: true },
      minPairs: 10,
      maxPairs: 10,
    });
    expect(optionsOf({ ...baseline, maxPairs: '6' })).toMatchObject({ minPairs: 6, maxPairs: 6 });
    expect(optionsOf({ ...baseline, minPairs: '4' })).toMatchObject({ minPairs: 4, maxPairs: 10 });
    const budgets = { '*': { p99: '120ms' } };
    expect(optionsOf({ budgetsOnly: true }, { budgets })).toMatchObject({
      sides: { kind: 'budgets' },
      metrics: [],
    });
  });

  test('has limits in the units of their metrics', () => {
    const limits = {
      p99: '1.2s',
      init: '400ms',
      cost: '$2.5',
      errorRate: '1%',
      coldShare: '5%',
      bundleSize: '900kB',
      backendCalls: 3,
    };
    const { budgets } = optionsOf(against, {
      budgets: { '*': limits, 'a*': { bundleSize: '2 MB' } },
    });
    expect(budgets.map(({ pattern, metric, limit }) => [pattern, metric, limit])).toEqual([
      ['*', 'p99', 1200],
      ['*', 'init', 400],
      ['*', 'cost', 2.5],
      ['*', 'errorRate', 0.01],
      ['*', 'coldShare', 0.05],
      ['*', 'bundleSize', 900_000],
      ['*', 'backendCalls', 3],
      ['a*', 'bundleSize', 2_000_000],
    ]);
  });
});

test.each<[Flags, GateConfigInput | undefined, RegExp]>([
  [{}, undefined, /--against REF, --base-handler and --head-handler, --baseline FILE or --budgets/],
  [{ against: 'a', baseline: 'b' }, undefined, /^--against and --baseline are two ways to gate/],
  [{ baseHandler: 'old.js' }, undefined, /^--base-handler needs --head-handler/],
  [{ headHandler: 'new.js' }, undefined, /^--head-handler needs --base-handler/],
  [{ baseHandler: 'no.js', headHandler: 'new.js' }, undefined, /^--base-handler: there is no file/],
  [
    { baseHandler: 'old.js', headHandler: 'new.js', handler: 'x.js' },
    undefined,
    /^--handler means nothing beside --base-handler and --head-handler/,
  ],
  [
    { ...against, rounds: '5' },
    undefined,
    /^--rounds means nothing to gate.*--min-pairs and --max/,
  ],
  [{ ...against, preset: 'quick' }, undefined, /^--preset means nothing to gate/],
  [{ ...against, enforce: true }, undefined, /^--enforce means nothing beside --against/],
  [{ baseline: 'b', build: 'make' }, undefined, /^--build means nothing beside --baseline/],
  [{ baseline: 'b', initProbes: '0' }, undefined, /^--init-probes means nothing beside --baseline/],
  [{ against: '' }, undefined, /^--against: nothing is given/],
  [
    { budgetsOnly: true },
    { metrics: { p50: '5%' } },
    /^--budgets-only needs limits: .*gate.budgets/,
  ],
  [{ ...against, metrics: 'p50=5' }, undefined, /^--metrics p50: "5" is not a percentage/],
  [{ ...against, metrics: 'p50=-5%' }, undefined, /^--metrics p50: "-5%" is not a percentage/],
  [{ ...against, metrics: 'p50' }, undefined, /^--metrics: "p50" has no "="; write p50=5%,init=5%/],
  [{ ...against, metrics: 'p51=5%' }, undefined, /^--metrics: "p51" is unknown; choose from p50,/],
  [against, { metrics: { init: 'five' } }, /^bench.config.ts: gate.metrics.init: "five" is not a/],
  [against, { metrics: {} }, /^bench.config.ts: gate.metrics: it names no metric/],
  [{ ...against, alpha: '0.5' }, undefined, /^--alpha: "0.5" is not a number above 0 and below/],
  [against, { alpha: 0 }, /^bench.config.ts: gate.alpha: "0" is not/],
  [{ ...against, minPairs: '2' }, undefined, /^--min-pairs: "2" is not a whole number from 3/],
  [
    { ...against, maxPairs: '5' },
    { minPairs: 6 },
    /^--max-pairs: 5 pairs are fewer than the 6 of bench.config.ts: gate.minPairs/,
  ],
  [{ ...against, budget: '8' }, undefined, /^--budget: "8" is not a duration/],
  [
    { ...against, inconclusive: 'skip' },
    undefined,
    /^--inconclusive: "skip" is unknown; .*pass, fail/,
  ],
  [
    against,
    { budgets: { '*': { p50: '80' } } },
    /gate.budgets\['\*'\].p50: "80" is not a duration/,
  ],
  [
    against,
    { budgets: { '*': { cost: '2' } } },
    /budgets\['\*'\].cost: "2" is not an amount of dol/,
  ],
  [
    against,
    { budgets: { '*': { errorRate: '0%' } } },
    /errorRate: "0%" is no limit; write one above/,
  ],
  [
    against,
    { budgets: { '*': { bundleSize: '900KB' } } },
    /bundleSize: "900KB" is not a size in B/,
  ],
])('%j with %j is refused', (flags, gate, message) => {
  expect(() => optionsOf(flags, gate)).toThrow(message);
});

test('a configuration can say what its flags can', () => {
  const configured = GATE_FLAG_KEYS.filter((key) => gateFlagOf(key).configured === true);
  expect(Object.keys(gateConfigSchema.shape).sort()).toEqual(
    [...configured, 'cells', 'budgets'].sort(),
  );
});
