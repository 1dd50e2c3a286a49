import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellCostSchema, pricesUsedSchema } from '../../model/cost.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { PRICED_REGIONS } from '../../model/priced-regions.ts';
import type { Cell } from '../../model/run.ts';
import { Database } from '../../store/tables/database.ts';
import { openCell } from '../queries/cell-tables.ts';
import {
  cellOf,
  type MadeRequest,
  type Rows,
  tablesOf,
  writeTrialFiles,
} from '../testing/trial-files.ts';
import { pricesUsed, readCost } from './index.ts';
import { PRICES } from './prices-2026-11.ts';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-cost-test-'));
  database = await Database.open({ tempFolder: join(folder, 'temp') });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function cell(own: Partial<Endpoint>): Cell {
  const base = cellOf(1024);
  return { ...base, endpoint: { ...base.endpoint, ...own } };
}

/** The cost of a cell whose trials had these requests, each answered with 2,048 bytes. */
async function costOf(
  of: Cell,
  trials: MadeRequest[][],
  more: {
    region?: string;
    architecture?: 'arm64';
    ratePerS?: number;
    change?: (rows: Rows) => void;
  } = {},
) {
  const files = trials.map((_, i) => ({ trial: i + 1, folder: join(folder, String(i + 1)) }));
  for (const [i, requests] of trials.entries()) {
    const rows = tablesOf(requests);
    for (const row of rows.requests ?? []) row.response_bytes = 2048;
    more.change?.(rows);
    await writeTrialFiles(files[i]?.folder ?? '', rows);
  }
  await openCell(database, files);
  const numbers = files.map(({ trial }) => trial);
  const { ratePerS = 20, region = 'us-east-1', architecture = null } = more;
  const rates = new Map(numbers.map((trial) => [trial, ratePerS]));
  const read = await readCost(database, numbers, of, {
    region,
    architecture,
    ratePerS: rates,
  });
  cellCostSchema.parse(read.cost);
  const usd = (item: string) => read.cost.items.find((one) => one.item === item)?.usd.value;
  return { ...read, usd };
}

const warm = (n: number, totalMs: number, own: Partial<MadeRequest> = {}): MadeRequest[] =>
  Array.from({ length: n }, () => ({ totalMs, backendCalls: 2, ...own }));

test('the stack by its list prices: GB-s with billed init apart, gateway, read units, logs, transfer', async () => {
  const requests = [
    // Outside the hold: pays for nothing here.
    ...warm(50, 900, { phase: 'ramp' }),
    ...warm(90, 10),
    ...warm(10, 210, { cold: true, initMs: 200 }),
  ];
  const { cost, usd } = await costOf(cell({ front: 'rest-api' }), [requests]);
  expect(usd('requests')).toBe(0.2);
  expect(usd('compute')).toBeCloseTo(0.01 * 0.0000166667 * 1e6, 9);
  expect(usd('init')).toBeCloseTo(0.1 * 0.2 * 0.0000166667 * 1e6, 9);
  expect(usd('gateway')).toBe(3.5);
  expect(usd('database')).toBeCloseTo(2 * 0.5 * 0.125, 9);
  expect(usd('xray')).toBeCloseTo(0.25, 9);
  expect(usd('logs')).toBeCloseTo((435 / 2 ** 30) * 0.5 * 1e6, 9);
  expect(usd('transfer')).toBeCloseTo((2048 / 2 ** 30) * 0.09 * 1e6, 9);
  expect(usd('provisioned')).toBeUndefined();
  const sum = cost.items.reduce((all, one) => all + (one.usd.value ?? 0), 0);
  expect(cost.total).toMatchObject({ interval: 'none', n: 100, trials: 1 });
  expect(cost.total.value).toBeCloseTo(sum, 9);
  expect(cost.lacking).toEqual([]);
  const basis = cost.items.map((one) => `${one.item}: ${one.basis}`);
  expect(basis).toContain('compute: 0.0100 GB-s a request × $0.0000166667');
  expect(basis).toContain('gateway: $3.50 a million requests to a REST API');
});

test('over trials: the geometric mean of their totals with the t interval, and each trial by itself', async () => {
  const { cost, perTrialUsd } = await costOf(
    cell({}),
    [10, 20, 40].map((ms) => warm(20, ms)),
  );
  expect(cost.total).toMatchObject({ interval: 'trials_t', trials: 3, n: 60 });
  const product = perTrialUsd.reduce((all, { usd }) => all * usd, 1);
  expect(cost.total.value).toBeCloseTo(product ** (1 / 3), 9);
  expect(perTrialUsd.map(({ trial }) => trial)).toEqual([1, 2, 3]);
  expect(cost.items.find(({ item }) => item === 'requests')?.usd).toMatchObject({
    value: 0.2,
    interval: 'none',
    note: 'the same in every trial',
  });
});

test('an item that is none in some trial has no cost below nothing', async () => {
  const cold = [...warm(19, 10), ...warm(1, 210, { cold: true, initMs: 200 })];
  const { cost } = await costOf(cell({}), [cold, warm(20, 10), warm(20, 10)]);
  const init = cost.items.find(({ item }) => item === 'init')?.usd;
  expect(init?.value).toBeCloseTo((0.05 * 0.2 * 0.0000166667 * 1e6) / 3, 9);
  expect(init).toMatchObject({ low: 0, interval: 'trials_t' });
});

test('neither a function URL nor Invoke has a gateway; Invoke has no transfer', async () => {
  const url = await costOf(cell({ front: 'function-url' }), [warm(5, 10)]);
  expect(url.usd('gateway')).toBeUndefined();
  expect(url.usd('transfer')).toBeGreaterThan(0);
  const invoke = await costOf(cell({ front: 'invoke' }), [warm(5, 10)]);
  expect(invoke.usd('gateway')).toBeUndefined();
  expect(invoke.usd('transfer')).toBeUndefined();
});

test('a batched call of TenUsers is ten reads, unbatched each call is one', async () => {
  const requests = [
    ...warm(10, 10, { operation: 'TenUsers', backendCalls: 1 }),
    ...warm(10, 10, { operation: 'UserProfile', backendCalls: 1 }),
  ];
  const batched = await costOf(cell({ batching: true }), [requests]);
  expect(batched.usd('database')).toBeCloseTo(((10 + 1) / 2) * 0.5 * 0.125, 9);
  const direct = await costOf(cell({}), [requests]);
  expect(direct.usd('database')).toBeCloseTo(0.5 * 0.125, 9);
});

test('an instance by the hour is divided by the rate; where its price is not held that is said', async () => {
  const postgres = cell({ backend: 'postgres' });
  const here = await costOf(postgres, [warm(5, 10)], { ratePerS: 50 });
  expect(here.usd('database')).toBeCloseTo((0.065 / 3600 / 50) * 1e6, 9);
  const elsewhere = await costOf(postgres, [warm(5, 10)], { region: 'eu-west-1' });
  expect(elsewhere.usd('database')).toBeUndefined();
  expect(elsewhere.cost.lacking.join()).toMatch(
    /database is not in it: no price of db\.t4g\.medium/,
  );
  expect(elsewhere.cost.total.value).toBeGreaterThan(0);
});

test('provisioned environments stand all the time; what spilled over is paid on demand', async () => {
  const requests = [...warm(90, 10), ...warm(10, 110, { cold: true, initMs: 100 })];
  const provisioned = cell({ provisionedConcurrency: 5 });
  const { usd } = await costOf(provisioned, [requests], { ratePerS: 10 });
  expect(usd('provisioned')).toBeCloseTo(((5 * 0.0000041667) / 10) * 1e6, 9);
  expect(usd('compute')).toBeCloseTo(
    (0.9 * 0.01 * 0.0000097222 + 0.1 * 0.01 * 0.0000166667) * 1e6,
    9,
  );
  expect(usd('init')).toBeCloseTo(0.1 * 0.1 * 0.0000166667 * 1e6, 9);
});

test('what is not known is said and not guessed', async () => {
  const untraced = await costOf(cell({}), [warm(5, 10, { backendCalls: 0 })]);
  expect(untraced.usd('database')).toBeUndefined();
  expect(untraced.cost.lacking).toEqual([
    'The database is not in it: no call of the handler was traced.',
  ]);
  const rest = await costOf(cell({ backend: 'rest' }), [warm(5, 10)]);
  expect(rest.cost.lacking.join()).toMatch(/REST service .* is not in it/);
  const own = await costOf(cell({ backend: 'own' }), [warm(5, 10)]);
  expect(own.cost.lacking.join()).toMatch(/behind your handler is not in it/);
  const unbilled = await costOf(cell({}), [warm(5, 10, { bare: true })]);
  expect(unbilled.cost).toMatchObject({ total: { value: null }, items: [] });
  const cold = await costOf(
    { ...cell({}), profile: { kind: 'cold', coldStarts: 5, warmRequests: 1 } },
    [warm(5, 10)],
  );
  expect(cold.cost.total).toMatchObject({ value: null, note: expect.stringMatching(/forced/) });
  expect(cold.perTrialUsd).toEqual([]);
  const mars = await costOf(cell({}), [warm(5, 10)], { region: 'mars-north-1' });
  expect(mars.cost.lacking).toEqual([
    'There is no cost: no prices are held for the region mars-north-1.',
  ]);
});

test('assumptions and sources are those of the stack, and a price from memory says which it is', () => {
  const here = pricesUsed('us-east-1', [cell({ front: 'function-url' })]);
  pricesUsedSchema.parse(here);
  const text = [...here.sources, ...here.assumptions].join('\n');
  expect(text).toMatch(/eventually consistent/);
  expect(text).not.toMatch(/API Gateway, |PostgreSQL|Provisioned|memory:/);
  const there = pricesUsed('eu-central-1', [cell({ front: 'http-api', backend: 'postgres' })]);
  expect(there.sources.join('\n')).toMatch(/API Gateway HTTP API: from memory/);
  expect(there.assumptions.join('\n')).toMatch(/db\.t4g\.medium/);
});

test('every region is within a factor of two of us-east-1, item by item', () => {
  const base = PRICES['us-east-1'];
  for (const region of PRICED_REGIONS) {
    for (const [name, price] of Object.entries(PRICES[region])) {
      const reference = base[name as keyof typeof base];
      if (price === null || reference === null) continue;
      expect(price.usd / reference.usd, `${region} ${name}`).toBeGreaterThan(0.9);
      expect(price.usd / reference.usd, `${region} ${name}`).toBeLessThan(2);
    }
  }
});

test('compute on arm64 is a fifth less than on x86_64, and says so', async () => {
  const { usd } = await costOf(cell({}), [warm(20, 10)], { architecture: 'arm64' });
  expect(usd('compute')).toBeCloseTo(0.01 * 0.0000133334 * 1e6, 9);
  expect(usd('requests')).toBe(0.2);
  const { sources, assumptions } = pricesUsed('eu-west-1', [cell({})], 'arm64');
  expect(sources.join()).toContain('Lambda on arm64');
  expect(assumptions.join()).toContain('Compute is arm64');
});
