import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOf } from '../analysis/testing/trial-files.ts';
import { ToolError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { knownRequests, writeRawTrial } from '../merge/testing/raw-trial.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Run } from '../model/run.ts';
import { TABLES } from '../model/tables.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import type { Trial } from '../model/trial.ts';
import { type RunFolder, runFolder, type TrialFolder } from '../store/run-store.ts';
import { executeRun } from './execute-run.ts';
import { planLeft, remainderOf, trialKey } from './remainder.ts';
import { beginResume, completeTrials } from './resume-run.ts';

let results: string;
beforeAll(() => {
  results = mkdtempSync(join(tmpdir(), 'bench-resume-'));
});
afterAll(() => rmSync(results, { recursive: true, force: true }));

const cells = [512, 1024, 2048].map((memoryMb) => ({
  id: `c${memoryMb}`,
  endpoint: anEndpoint({ backend: 'b', memoryMb }),
  profile: { kind: 'users' as const, users: 5, overS: 1 },
}));

function twoRounds(): Run {
  const run = runOf(cells);
  return { ...run, plan: { ...run.plan, rounds: 2, seed: 7 } };
}

/** The trials of a run in order, each as its cell's memory size and its seed; number `dies` dies. */
interface Driven {
  order: string[];
  dies?: number;
  sha256?: string;
  /** What the target had to deploy. */
  deployed?: string[];
}

function jobOf(folder: RunFolder, driven: Driven) {
  const run = twoRounds();
  let memoryMb = 0;
  const sha256 = driven.sha256 ?? 'a'.repeat(64);
  const backend = {
    name: 'b',
    instanceKey: () => 'one',
    start: async () => ({ stop: async () => {} }),
    bundle: async () => ({
      facts: {
        backend: 'b',
        dataLayer: null,
        server: 'apollo',
        batching: false,
        revision: null,
        bytes: 1,
        sha256,
      },
    }),
    feeds: async () => [],
  };
  const target = {
    prepare: async (prepared: { cell: { id: string } }[]) => {
      driven.deployed = prepared.map(({ cell }) => cell.id);
    },
    provision: async (cell: (typeof cells)[number]) => ({
      memoryMb: cell.endpoint.memoryMb,
      front: 'rest-api',
      headers: {},
      signing: null,
      aws: null,
    }),
    measureInits: async () => [],
    beginTrial: async (endpoint: { memoryMb: number }) => {
      memoryMb = endpoint.memoryMb;
    },
    endTrial: async () => null,
  };
  const engine = {
    run: async ({ rawFolder, plan }: { rawFolder: string; plan: { seed: number } }) => {
      driven.order.push(`${memoryMb} ${plan.seed}`);
      if (driven.order.length === driven.dies) throw new ToolError('k6 died');
      writeRawTrial(dirname(rawFolder), knownRequests(5, seededRandom(plan.seed), { memoryMb }));
      return { facts: null, warnings: [] };
    },
  };
  const job = {
    plan: run.plan,
    folder,
    createdAt: new Date(),
    tools: {
      supervisor: { ownFolder: () => mkdtempSync(join(results, 'work-')) },
      target,
      engine,
      backends: new Map([['b', backend]]),
      collectors: [collector(5)],
      fingerprint: run.fingerprint,
    },
    settings: { headers: {}, keepRaw: false },
    warnings: [],
    sink: () => {},
    signal: new AbortController().signal,
  };
  return job as unknown as Parameters<typeof executeRun>[0];
}

/** What was collected lies there already; this tells how much of it. */
function collector(found: number) {
  const collection = { collector: 'logs', expected: 5, found, ended: 'complete', tookMs: 1 };
  return { name: 'logs', collect: async () => ({ collection, warnings: [] }) };
}

function resumed(folder: RunFolder, driven: Driven) {
  const run = folder.readRun();
  const remainder = remainderOf(run, folder);
  const begin = (record: Run) => beginResume(record, folder, remainder, []);
  return executeRun({
    ...jobOf(folder, driven),
    plan: run.plan,
    resumed: { run, kept: remainder.kept, begin },
  });
}

function contents({ path }: TrialFolder): Record<string, Buffer> {
  const names = ['trial.json', ...Object.keys(TABLES).map((table) => `${table}.parquet`)];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name))]));
}

describe('a run whose fifth trial died', { timeout: 30_000 }, () => {
  const whole: Driven = { order: [] };
  const first: Driven = { order: [], dies: 5 };
  let folder: RunFolder;
  beforeAll(async () => {
    folder = runFolder(results, 'died');
    await executeRun(jobOf(folder, first));
    await executeRun(jobOf(runFolder(results, 'whole'), whole));
  });

  test('does not go on with other code, and stays as it was', async () => {
    const before = readFileSync(join(folder.path, 'run.json'));
    const changed: Driven = { order: [], sha256: 'b'.repeat(64) };
    await expect(resumed(folder, changed)).rejects.toThrow(
      /^the code of c\d+ has changed since the run began \(its bundle was aaaa\w+ and is bbbb/,
    );
    expect(readFileSync(join(folder.path, 'run.json'))).toEqual(before);
    expect(changed).toMatchObject({ order: [], sha256: 'b'.repeat(64) });
    expect(changed.deployed).toBeUndefined();
  });

  test('goes on where it was, and what was finished stays byte by byte', async () => {
    const finished = folder.trials().filter((trial) => trial.read()?.status === 'finished');
    expect(finished).toHaveLength(4);
    const before = finished.map(contents);
    const rest: Driven = { order: [] };
    const { run, analysis } = await resumed(folder, rest);
    expect([...first.order.slice(0, 4), ...rest.order]).toEqual(whole.order);
    expect(finished.map(contents)).toEqual(before);
    // One cell had both of its trials.
    expect(rest.deployed).toHaveLength(2);
    expect(analysis?.cells.map(({ requests }) => requests)).toEqual([10, 10, 10]);
    expect(run).toMatchObject({
      status: 'finished',
      resumes: [{ after: 'failed', kept: 4, repeated: [{ why: 'it failed: k6 died' }] }],
    });
    const [repeated] = run.resumes?.[0]?.repeated ?? [];
    const aside = readFileSync(join(folder.path, repeated?.setAside ?? '', 'trial.json'), 'utf8');
    expect(aside).toContain('k6 died');
    expect(analysis?.warnings.map(({ code }) => code)).toContain('resumed');
    expect(remainderOf(folder.readRun(), folder).kept.size).toBe(6);
  });
});

describe('trials on disk', { timeout: 30_000 }, () => {
  let folder: RunFolder;
  let run: Run;
  let trial: TrialFolder;
  const state = () => {
    const { kept, completable, repeated } = remainderOf(run, folder);
    if (kept.has(trialKey(trial.cellId, trial.trial))) return 'kept';
    return completable.length > 0 ? 'completable' : (repeated[0]?.why ?? 'not begun');
  };
  const change = (own: Partial<Trial>) => {
    const record = trial.read();
    if (record === null) throw new Error('no record');
    trial.write({ ...record, ...own });
  };

  beforeAll(async () => {
    folder = runFolder(results, 'points');
    const job = { ...jobOf(folder, { order: [] }), plan: runOf(cells.slice(0, 1)).plan };
    await executeRun({ ...job, settings: { ...job.settings, keepRaw: true } });
    run = folder.readRun();
    [trial] = folder.trials() as [TrialFolder];
  });

  test('is kept whatever its figures are', () => {
    change({ warnings: [{ code: 'generator-busy', severity: 'void', message: 'm' }] });
    expect(state()).toBe('kept');
  });

  test('cut short between its load and the join, it is joined from disk', async () => {
    change({ status: 'failed', merge: null, warnings: [] });
    rmSync(join(trial.path, 'breakdown.parquet'));
    expect(state()).toBe('completable');
    const { completable } = remainderOf(run, folder);
    const completed = await completeTrials(run, completable, completion(5));
    expect(completed.map(({ trial }) => trial)).toEqual([1]);
    expect(state()).toBe('kept');
    expect(trial.read()).toMatchObject({ status: 'finished', merge: { requests: 5 } });
    expect(planLeft(run.plan, remainderOf(run, folder).kept).cells).toEqual([]);
  });

  test('cut short before its telemetry was read: on AWS that is read now, here it is gone', async () => {
    change({ status: 'failed', collections: [] });
    expect(state()).toBe('it was cut short');
    run.plan.target = 'aws';
    expect(state()).toBe('completable');
    const { completable } = remainderOf(run, folder);
    expect(await completeTrials(run, completable, completion(0))).toEqual([]);
    expect(state()).toBe('it failed: its telemetry is there no longer');
    run.plan.target = 'local';
  });

  test('a table or a record that a full disk cut off', () => {
    change({ status: 'finished', loadEnded: true, collections: [], warnings: [] });
    rmSync(join(trial.rawPath, RAW_FILES.k6Samples), { force: true });
    truncateSync(join(trial.path, 'requests.parquet'), 40);
    expect(state()).toBe('its requests.parquet is missing or damaged');
    writeFileSync(join(trial.path, 'trial.json'), '{"version":');
    expect(state()).toMatch(/^its record is damaged/);
    rmSync(join(trial.path, 'trial.json'));
    expect(state()).toBe('it was cut short');
    rmSync(trial.path, { recursive: true });
    expect(state()).toBe('not begun');
  });
});

function completion(found: number) {
  const job = {
    tools: { collectors: [collector(found)] },
    settings: { keepRaw: true, collectDeadlineMs: 1000 },
    sink: () => {},
    signal: new AbortController().signal,
  };
  return job as unknown as Parameters<typeof completeTrials>[2];
}

test('what lies between two parts of a run is told: between rounds, or within one', () => {
  const folder = runFolder(results, 'apart');
  const apart = (kept: string[]) => {
    const run = twoRounds();
    const longAgoUs = (Date.now() - 3 * 3600 * 1000) * 1000;
    const remainder = {
      kept: new Set(kept),
      keptUntilUs: longAgoUs,
      completable: [],
      repeated: [],
    };
    beginResume(run, folder, remainder, []);
    return run.warnings.find(({ code }) => code !== 'resumed');
  };
  expect(apart(['c512 1', 'c1024 1', 'c2048 1'])).toMatchObject({
    code: 'rounds-apart',
    message: expect.stringMatching(/^3 h/),
  });
  expect(apart(['c512 1', 'c1024 1'])).toMatchObject({
    code: 'round-torn',
    severity: 'doubtful',
    message: expect.stringMatching(/^Round 1 was measured in two parts with 3 h/),
  });
});
