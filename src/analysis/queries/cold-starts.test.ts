import { expect, test } from 'vitest';
import type { ColdStarts } from '../../model/cold-starts.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import { cellOf, type MadeRequest, type Rows, tablesOf } from '../testing/trial-files.ts';
import { withTrials } from '../testing/with-trials.ts';
import { readColdStarts } from './cold-starts.ts';

const RAMP = cellOf(1024).profile;
const COLD: LoadProfile = { kind: 'cold', coldStarts: 5, warmRequests: 2 };

async function coldStartsOf(
  trials: readonly Rows[],
  profile: LoadProfile = RAMP,
): Promise<ColdStarts> {
  return withTrials(trials, (database, numbers) => readColdStarts(database, numbers, profile));
}

/** Cold: 200 ms of init, 80 of the handler, 20 of the backend; then warm ones of 5 and 2 ms. */
function natural(extraMs: number): MadeRequest[] {
  return [
    ...[1, 2, 3].map(() => ({
      totalMs: 300 + extraMs,
      cold: true,
      initMs: 200 + extraMs,
      backendMs: 20,
    })),
    ...Array.from({ length: 17 }, () => ({ totalMs: 7, backendMs: 2 })),
  ];
}

test('a cold start apart: init, first call against later ones, connections, penalty, billed init', async () => {
  const trials = [0, 4].map((extraMs) => tablesOf(natural(extraMs)));
  const found = await coldStartsOf(trials);
  expect(found).toMatchObject({ forced: false, requests: 6, environments: 8, disagreements: 0 });
  expect(found.share).toMatchObject({ value: 0.15, interval: 'wilson', n: 40 });
  expect(found.medianInitMs.value).toBeCloseTo(Math.sqrt(200 * 204), 6);
  expect(found.firstCallMs).toMatchObject({ interval: 'none', n: 6, trials: 2 });
  expect(found.firstCallMs.value).toBeCloseTo(80, 6);
  expect(found.warmCallMs.value).toBeCloseTo(5, 6);
  expect(found.connectionMs).toMatchObject({ value: 18, interval: 'none' });
  expect(found.penaltyMs).toMatchObject({ value: 295, n: 6 });
  // 300 and 304 billed for invocations of 100 ms.
  expect(found.billedInitMs.value).toBeCloseTo(Math.sqrt(200 * 204), 6);
  expect(found.prewarmed).toMatchObject({ requests: 0, medianInitMs: { value: null } });
  expect(found.samples).toHaveLength(6);
});

test('billed in whole milliseconds: a fraction of the duration is not the init’s', async () => {
  const tables = tablesOf([{ totalMs: 300, cold: true, initMs: 276.94 }, { totalMs: 5 }]);
  for (const row of tables.invocations ?? []) {
    if (row.cold) Object.assign(row, { duration_us: 5_134_500, billed_us: 5_412_000 });
  }
  expect((await coldStartsOf([tables])).billedInitMs.value).toBe(277);
});

test('prewarmed environments are apart from cold ones, and their first calls count as first', async () => {
  const found = await coldStartsOf([
    tablesOf([
      { totalMs: 60, prewarmed: true, initMs: 180, backendMs: 10 },
      { totalMs: 62, prewarmed: true, initMs: 190, backendMs: 12 },
      ...natural(0),
    ]),
  ]);
  expect(found.requests).toBe(3);
  expect(found.prewarmed).toMatchObject({
    requests: 2,
    medianInitMs: { value: 180 },
    medianTotalMs: { value: 60 },
  });
  expect(found.medianInitMs.value).toBe(200);
  expect(found.firstCallMs).toMatchObject({ value: 80, n: 5 });
});

test('forced: the requests after it in the same environment are what it is compared with', async () => {
  const one = (index: number): MadeRequest[] => [
    { totalMs: 300, cold: true, initMs: 200, backendMs: 20, phase: 'hold', atS: index },
    { totalMs: 9, backendMs: 3, phase: 'warm', atS: index + 0.4 },
    { totalMs: 8, backendMs: 3, phase: 'warm', atS: index + 0.5 },
  ];
  const found = await coldStartsOf([tablesOf([0, 1, 2, 3, 4].flatMap(one))], COLD);
  expect(found.forced).toBe(true);
  expect(found.share).toMatchObject({ value: null, interval: 'none', n: 15 });
  expect(found.share.note).toContain('each cold start was made');
  expect(found.penaltyMs).toMatchObject({ value: 292, n: 5, note: 'one trial gives no interval' });
  expect(found.warmCallMs.value).toBe(5);
  expect(found.medianInitMs).toMatchObject({ value: 200, trials: 1 });
});

test('trace and REPORT line that do not agree on being first are counted either way', async () => {
  const tables = tablesOf(natural(0));
  // A warm request gets an init in its trace that its REPORT line does not have.
  const later = { ...(tables.spans ?? []).at(-1), span_id: 'i', role: 'init' };
  tables.spans = [...(tables.spans ?? []), later];
  Object.assign((tables.breakdown ?? []).at(-1) as object, { first_in_environment: true });
  expect((await coldStartsOf([tables])).disagreements).toBe(1);
  // And a cold start loses the init of its trace.
  const lost = tables.spans.findIndex(({ role }) => role === 'init');
  tables.spans.splice(lost, 1);
  expect((await coldStartsOf([tables])).disagreements).toBe(2);
});

test('without a cold start, a backend call or a trace there is a reason in place of a number', async () => {
  const warm = await coldStartsOf([tablesOf([{ totalMs: 5, backendCalls: 0 }])]);
  expect(warm.share).toMatchObject({ value: 0, n: 1 });
  expect(warm.medianInitMs.note).toBe('there was no cold start');
  expect(warm.penaltyMs.note).toBe('there was no cold start beside warm requests');
  expect(warm.connectionMs.note).toContain('no call of the handler was traced');
  expect(warm.billedInitMs.note).toBe('no cold start has a REPORT line');
  const bare = await coldStartsOf([tablesOf([{ totalMs: 5, bare: true }])]);
  expect(bare.share).toMatchObject({ value: null, n: 0 });
  expect(bare.warmCallMs.value).toBeNull();
});

test('of more than 500 cold requests the slowest are kept, and an even choice of the others', async () => {
  const requests = Array.from({ length: 2500 }, (_, i) => ({
    totalMs: i % 100 === 99 ? 2000 + i : 300,
    cold: true,
    initMs: i % 100 === 98 ? 250 : 200,
  }));
  const { requests: counted, samples } = await coldStartsOf(
    [requests, requests].map((r) => tablesOf(r)),
  );
  expect(counted).toBe(5000);
  expect(samples).toHaveLength(500);
  // Twice 25 are slow and twice 25 have a long init.
  expect(samples.filter(({ totalMs }) => totalMs > 2000)).toHaveLength(50);
  expect(samples.filter(({ initMs }) => initMs === 250)).toHaveLength(50);
  const usual = samples.filter(({ totalMs, initMs }) => totalMs === 300 && initMs === 200);
  for (const trial of [1, 2]) {
    const early = usual.filter((sample) => sample.trial === trial && sample.atS < 125);
    expect(Math.abs(early.length - usual.length / 4)).toBeLessThan(3);
  }
});
