import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EstimateContext, estimateCost } from '../analysis/cost/estimate/index.ts';
import { aPlan } from '../analysis/cost/estimate/testing/a-plan.ts';
import { type MadeRequest, tablesOf, writeTrialFiles } from '../analysis/testing/trial-files.ts';
import { ToolError } from '../base/errors.ts';
import type { Plan } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import { createGuard } from './guard.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-guard-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONTEXT: EstimateContext = { region: 'us-east-1', architecture: 'x86_64', keptS: null };
const WIDE = { maxCostUsd: 100, maxTimeS: 1e6, maxRequests: 1e9 };

/** A guard over a plan, on a clock that the test sets, and what ends a trial with these requests. */
function guarded(plan: Plan, caps: Partial<typeof WIDE>, context = CONTEXT) {
  const clock = { s: 0 };
  const estimate = estimateCost(plan, context);
  const guard = createGuard({
    plan,
    estimate,
    context,
    caps: { ...WIDE, ...caps },
    now: () => clock.s * 1000,
  });
  let ended = 0;
  async function trial(requests: MadeRequest[], tookS = 60, cellIndex = 0) {
    ended += 1;
    clock.s += tookS;
    const path = join(folder, String(ended));
    await writeTrialFiles(path, tablesOf(requests));
    const cell = plan.cells[cellIndex];
    if (cell === undefined) throw new Error('no such cell');
    const record = { window: { startedUs: 0, endedUs: 43e6 } } as Trial;
    const left = plan.cells.length * plan.rounds - ended;
    await guard.afterTrial({ trial: record, cell, folder: path, left });
  }
  return { estimate, trial };
}

/** Each of them bills so many milliseconds at 1 GB. */
const calls = (n: number, ms: number, own: Partial<MadeRequest> = {}): MadeRequest[] =>
  Array.from({ length: n }, () => ({ totalMs: ms, ...own }));

const PLAN = aPlan([{ front: 'invoke' }], { rounds: 4 });

test('a run that costs what was foreseen goes on to its end', async () => {
  const { estimate, trial } = guarded(PLAN, {});
  const capped = guarded(PLAN, { maxCostUsd: estimate.usd.high });
  for (let round = 0; round < 4; round += 1) await capped.trial(calls(650, 20));
  await trial(calls(10, 5));
});

test('a trial that billed far more ends the run, with what is spent and what comes next', async () => {
  // 650 calls of 29 s at 1 GB are $0.314 of compute; so foresaw nobody.
  const { estimate, trial } = guarded(PLAN, { maxCostUsd: 0.5 });
  expect(estimate.usd.high).toBeLessThan(0.5);
  const first = trial(calls(650, 29_000));
  await expect(first).rejects.toThrow(ToolError);
  await expect(first).rejects.toThrow(
    /^the run ended at its cost cap: about \$0\.3\d\d of --max-cost \$0\.500 are gone, and the next trial would cost up to \$0\.3\d\d; the 1 trial that finished is kept and 3 were not run$/,
  );
});

test('a cap that is exceeded already is told so', async () => {
  const { trial } = guarded(PLAN, { maxCostUsd: 0.2 });
  await expect(trial(calls(650, 29_000))).rejects.toThrow(/of --max-cost \$0\.200 are gone; /);
});

test('the last trial has nothing after it to be kept from', async () => {
  const { trial } = guarded(aPlan([{}], { rounds: 1 }), { maxCostUsd: 0.01, maxTimeS: 1 });
  await trial(calls(650, 29_000));
});

test('requests without a REPORT line cost as the others; without any, what was foreseen', async () => {
  const { trial } = guarded(PLAN, { maxCostUsd: 0.5 });
  const half = [...calls(325, 29_000), ...calls(325, 29_000, { bare: true })];
  await expect(trial(half)).rejects.toThrow(/about \$0\.3\d\d of/);
  const none = guarded(PLAN, {});
  await none.trial(calls(650, 29_000, { bare: true }));
  const foreseen = guarded(PLAN, { maxCostUsd: none.estimate.usd.high });
  await foreseen.trial(calls(650, 29_000, { bare: true }));
});

test('the dearest cell with trials to come may be next', async () => {
  const plan = aPlan([{ front: 'invoke' }, { front: 'invoke', memoryMb: 1025 }], { rounds: 1 });
  const { trial } = guarded(plan, { maxCostUsd: 0.4 });
  // The cell that has ended was dear; the one to come is foreseen to be cheap.
  await trial(calls(650, 29_000));
});

test('load: a run ends before a trial that would take it beyond', async () => {
  const { trial } = guarded(PLAN, { maxTimeS: 150 });
  await trial(calls(10, 5));
  // What lies between the loads is not counted.
  await trial(calls(10, 5), 3600);
  await expect(trial(calls(10, 5))).rejects.toThrow(
    /^the run ended at its cap of load: 2 m 09 s of --max-time 2 m 30 s are gone, and the next trial would take about 43 s; the 3 trials that finished are kept and 1 was not run$/,
  );
});

test('a database that stands is paid by the time that goes by', async () => {
  const plan = aPlan([{ backend: 'postgres', front: 'invoke' }], { rounds: 4 });
  const { trial } = guarded(plan, { maxCostUsd: 0.5 });
  await trial(calls(10, 5), 60);
  // 6 hours at seven cents.
  await expect(trial(calls(10, 5), 6 * 3600)).rejects.toThrow(/cost cap/);
});

test('requests are counted as they were sent', async () => {
  const { trial } = guarded(PLAN, { maxRequests: 2700 });
  await trial(calls(1000, 1));
  await expect(trial(calls(1000, 1))).rejects.toThrow(
    /^the run ended at its cap of requests: 2,000 of --max-requests 2,700 are gone, and the next trial would send about 1,000;/,
  );
});
