import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysisSchema } from '../src/model/analysis.ts';
import { findRun, type TrialFolder } from '../src/store/run-store.ts';
import { runBench, startBench, until } from './bench.ts';

const RUN = [
  ...['run', '--backend', 'rest', '--rounds', '2'],
  ...['--rate', '20', '--warm-up', '0s', '--ramp', '0s', '--hold', '1s'],
];
const HEADER = ['--header', 'x-key: secret'];

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-goes-on-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function contents({ path }: TrialFolder): [string, Buffer][] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))]);
}

test('a run that was killed goes on, and is the run it would have been', async () => {
  const killed = startBench([...RUN, ...HEADER], cwd);
  await killed.said(/\[1\/2\].*starting/);
  const folder = findRun(join(cwd, 'results'), 'latest');
  const { stderr: refused, code } = await runBench(['run', '--resume', 'latest'], cwd);
  expect(refused).toContain(`the run is still going on, in process ${killed.pid}`);
  expect(code).toBe(2);
  const driven = () => existsSync(join(folder.trials()[1]?.rawPath ?? '', 'load-plan.json'));
  expect(await until(driven, 60_000)).toBe(true);
  process.kill(killed.pid, 'SIGKILL');
  await killed.ended;
  const [first] = folder.trials() as [TrialFolder];
  const before = contents(first);
  expect(before.length).toBeGreaterThan(8);

  const went = await runBench([...RUN, ...HEADER, '--resume', folder.runId, '--json'], cwd);
  expect(went.code, went.stderr).toBe(0);
  expect(contents(first)).toEqual(before);
  const { run, cells } = analysisSchema.parse(JSON.parse(went.stdout));
  expect(run).toMatchObject({
    runId: folder.runId,
    status: 'finished',
    resumes: [{ after: 'killed', kept: 1, repeated: [{ trial: 2, why: 'it was cut short' }] }],
  });
  expect(cells.map(({ requests }) => requests)).toEqual([40]);
  expect(folder.trials().map((trial) => trial.read()?.status)).toEqual(['finished', 'finished']);
  expect(readFileSync(join(folder.path, 'run.json'), 'utf8')).not.toContain('secret');

  // As after a kill in the analysis.
  rmSync(folder.reportPath);
  const done = await runBench(['run', '--resume', 'latest'], cwd);
  expect(done.stderr).toContain('nothing is left to measure');
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('report: ') });
  expect(readFileSync(folder.reportPath, 'utf8')).toContain('Went on at');
}, 180_000);
