import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { InterruptedError, ToolError } from '../../base/errors.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { Engine } from '../../model/ports.ts';
import type { LoadPlan } from '../../model/scenario.ts';
import type { K6 } from './find-k6.ts';
import { createK6Engine } from './k6-engine.ts';
import {
  BUILD_TIMEOUT_MS,
  k6ForTests,
  operation,
  planOf,
  rawFolderIn,
} from './testing/engine-bench.ts';
import { type GraphqlStub, startGraphqlStub } from './testing/graphql-stub.ts';
import { readK6Csv } from './testing/k6-csv.ts';

const supervisor = createSupervisor();
/** Pids of what the supervisor was asked to start. */
const started: number[] = [];
const watching = {
  spawn: (...args: Parameters<typeof supervisor.spawn>) => {
    const child = supervisor.spawn(...args);
    started.push(child.pid);
    return child;
  },
  ownFolder: (prefix: string) => supervisor.ownFolder(prefix),
  ownCgroup: (folder: string) => supervisor.ownCgroup(folder),
  releaseCgroup: (folder: string) => supervisor.releaseCgroup(folder),
  close: () => supervisor.close(),
};
let k6: K6;
let stub: GraphqlStub;
let rawFolder: string;

beforeAll(async () => {
  k6 = await k6ForTests(supervisor);
}, BUILD_TIMEOUT_MS);
afterAll(() => supervisor.close());
beforeEach(async () => {
  stub = await startGraphqlStub();
  rawFolder = rawFolderIn(supervisor);
  started.length = 0;
});
afterEach(() => stub.close());

const HOLD = { kind: 'ramp', ratePerS: 50, warmUpS: 0, rampS: 0, holdS: 60 } as const;

function run(engine: Engine, plan: LoadPlan, signal = new AbortController().signal) {
  const job = { plan, credentials: null, rawFolder, supervisor: watching, signal };
  return engine.run({ ...job, progress: () => {} });
}

/** A k6 program in place of ours. */
function script(text: string): string {
  const path = join(supervisor.ownFolder('k6-script'), 'script.js');
  writeFileSync(path, text);
  return path;
}

it('keeps what was written when it is aborted', { timeout: 30_000 }, async () => {
  const stop = new AbortController();
  const running = run(
    createK6Engine(k6),
    planOf(stub.url, HOLD, [operation('A', ['1'])]),
    stop.signal,
  );
  const ended = expect(running).rejects.toThrow(InterruptedError);
  await stub.seen(40);
  stop.abort(new InterruptedError('SIGINT'));
  await ended;
  const { rows } = readK6Csv(rawFolder);
  // What was on its way is cut off; how much that is depends on how busy this machine is.
  expect(rows.filter((row) => row.metric === 'graphql_request').length).toBeGreaterThan(20);
  expect(() => process.kill(started[0] ?? 0, 0)).toThrow('ESRCH');
});

it('does not start when it is aborted already', async () => {
  const plan = planOf(stub.url, HOLD, [operation('A', ['1'])]);
  const aborted = AbortSignal.abort(new InterruptedError('SIGTERM'));
  await expect(run(createK6Engine(k6), plan, aborted)).rejects.toThrow(InterruptedError);
  expect(started).toEqual([]);
});

it('says that k6 was killed', { timeout: 30_000 }, async () => {
  const running = run(createK6Engine(k6), planOf(stub.url, HOLD, [operation('A', ['1'])]));
  const ended = expect(running).rejects.toThrow(/killed \(SIGKILL/);
  // Two seconds of load: k6 writes its samples out each second.
  await stub.seen(100);
  process.kill(started[0] ?? 0, 'SIGKILL');
  await ended;
  expect(readFileSync(join(rawFolder, 'k6.csv'), 'utf8')).toContain('graphql_request');
});

it.each([
  [
    'throw new Error("broken feed");',
    /the script threw an exception \(exit 107\)[\s\S]*broken feed/,
  ],
  [
    'export const options = { scenarios: { a: { executor: "no-such" } } }; export default () => {};',
    /exit 104/,
  ],
  [
    'import exec from "k6/execution"; export default () => exec.test.abort("enough");',
    /exit 108[\s\S]*enough/,
  ],
  ['import exec from "k6/execution"; export default () => exec.test.fail("bad");', /exit 110/],
])('maps the end of %s', { timeout: 30_000 }, async (text, message) => {
  const running = run(createK6Engine(k6, script(text)), planOf(stub.url, HOLD, []));
  const error = await running.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  expect((error as ToolError).message).toMatch(message);
});

it('says that the samples could not be written', { timeout: 30_000 }, async () => {
  symlinkSync('/dev/full', join(rawFolder, 'k6.csv'));
  const plan = planOf(stub.url, { ...HOLD, holdS: 1 }, [operation('A', ['1'])]);
  await expect(run(createK6Engine(k6), plan)).rejects.toThrow(/k6\.csv: is the disk full\?/);
});

it('counts iterations in which the script failed', { timeout: 30_000 }, async () => {
  const path = script(`
    export const options = { scenarios: { ramp: { executor: 'per-vu-iterations', vus: 1, iterations: 3 } } };
    export default () => { throw new Error('oops'); };
  `);
  const { warnings } = await run(createK6Engine(k6, path), planOf(stub.url, HOLD, []));
  expect(warnings.map((warning) => warning.code)).toEqual(['schedule-missed', 'lost-samples']);
});
