import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Analysis, analysisSchema } from '../src/model/analysis.ts';
import { findRun } from '../src/store/run-store.ts';
import { runBench } from './bench.ts';
import { rows } from './kept.ts';

/** Scenarios, rounds and limits through the command: real k6, real environments. */

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-measurement-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function measured(folder: string, args: readonly string[]): Promise<Analysis> {
  const run = ['run', '--backend', 'dynamo', '--results', folder, ...args];
  const { code, stderr } = await runBench(run, cwd);
  expect(code, stderr).toBe(0);
  const path = findRun(join(cwd, folder), undefined).analysisPath;
  return analysisSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const table = (folder: string, name: string) => `'${cwd}/${folder}/*/trials/*/*/${name}.parquet'`;

test('cold: every forced start is one, those after it are warm, both views agree', {
  timeout: 120_000,
}, async () => {
  const { cells } = await measured('cold', [
    ...['--scenario', 'cold', '--cold-starts', '3', '--memory', '512,1024'],
  ]);
  const found = await rows(`
    SELECT phase, cold, first_in_environment AS first, count(*)::INT AS n
    FROM ${table('cold', 'breakdown')} GROUP BY ALL ORDER BY phase`);
  expect(found).toEqual([
    { phase: 'hold', cold: true, first: true, n: 6 },
    { phase: 'warm', cold: false, first: false, n: 30 },
  ]);
  for (const { coldStarts, latency } of cells) {
    expect(coldStarts).toMatchObject({ forced: true, requests: 3, disagreements: 0 });
    expect(coldStarts.share.value).toBeNull();
    expect(Number(coldStarts.penaltyMs.value)).toBeGreaterThan(20);
    expect(Number(coldStarts.medianInitMs.value)).toBeLessThan(Number(latency.p50.value));
  }
});

test('burst: at the rate this host can initialise, from no environment to warm', {
  timeout: 120_000,
}, async () => {
  const { cells, run } = await measured('burst', ['--scenario', 'burst', '--hold', '4s']);
  const [cell] = cells;
  const { profile } = cell?.cell ?? {};
  if (profile?.kind !== 'burst') throw new Error('no burst');
  expect(run.hostInitsPerS).toBeGreaterThanOrEqual(profile.ratePerS);
  expect(cell?.requests).toBe(Math.round(profile.ratePerS * 4));
  const { burst } = cell ?? {};
  expect(burst?.points[0]).toMatchObject({ atS: 0 });
  expect(burst?.points.reduce((sum, point) => sum + point.requests, 0)).toBe(cell?.requests);
  expect(burst?.points.at(-1)?.environmentsStarted).toBe(cell?.coldStarts.environments);
  expect(burst?.untilWarmS.value).toBeGreaterThan(0.1);
});

test('provisioned environments are first but felt by nobody', { timeout: 180_000 }, async () => {
  const { cells } = await measured('provisioned', [
    ...['--provisioned-concurrency', '0,3', '--rounds', '2', '--slo', 'p50=1s'],
    ...['--rate', '5', '--warm-up', '0s', '--ramp', '0s', '--hold', '4s'],
  ]);
  const [bare, prewarmed] = cells;
  // A busy machine may leave one of the two rounds out.
  expect(bare?.coldStarts.requests).toBeGreaterThanOrEqual(1);
  expect(prewarmed?.coldStarts).toMatchObject({ requests: 0, disagreements: 0 });
  expect(prewarmed?.coldStarts.prewarmed.requests).toBeGreaterThanOrEqual(1);
  expect(prewarmed?.cost.items.map(({ item }) => item)).toContain('provisioned');
});
