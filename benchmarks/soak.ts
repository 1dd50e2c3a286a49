/**
 * Does memory grow, is a request lost? A run of the reference endpoint at half the rate this host can
 * do, with the memory of every process of ours read each second:
 *
 *   node benchmarks/soak.ts [minutes, 30] [requests per second, half of what is measured first]
 *     [seconds, 0: for so long the emulator is stopped in the middle]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/base/package-root.ts';
import { runFolder } from '../src/store/run-store.ts';

const minutes = Number(process.argv[2] ?? 30);
const stallS = Number(process.argv[4] ?? 0);
const RAMP_S = 60;
/** Until then code is compiled and heaps find their size. */
const SETTLING_SHARE = 0.2;

interface Sample {
  atS: number;
  /** MB by what a process is: environments all together, and the largest of them. */
  rssMb: Map<string, number>;
  environments: number;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-soak-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const given = process.argv[3];
const ratePerS = given === undefined ? Math.floor((await hostRatePerS()) / 2) : Number(given);
console.log(`${minutes} minutes at ${ratePerS} requests/s`);
const samples: Sample[] = [];
let stalledAtS: number | null = null;
// Slowly, so that the environments it begins with are about as many as it needs.
const runId = await bench(
  [
    ...['--scenario', 'ramp', '--rate', String(ratePerS), '--warm-up', '5s'],
    ...['--ramp', `${RAMP_S}s`, '--hold', `${Math.round(minutes * 60)}s`],
  ],
  async (sample, pid) => {
    samples.push(sample);
    const loadedS =
      sample.atS - (samples.find(({ environments }) => environments > 0)?.atS ?? sample.atS);
    if (stallS === 0 || stalledAtS !== null || loadedS < RAMP_S + minutes * 30) return;
    stalledAtS = sample.atS;
    process.kill(pid, 'SIGSTOP');
    await sleep(stallS * 1000);
    process.kill(pid, 'SIGCONT');
  },
);
const [trial] = runFolder(folder, runId).trials();
const record = trial?.read();
if (record === null || record === undefined) throw new Error('the trial left no record');
console.log('process       settled MB  at the end MB  growth  slope MB/h');
// The hold alone: what comes after it is another work.
const endS = (record.window.endedUs - record.window.startedUs) / 1e6;
const firstS = samples[0]?.atS ?? 0;
const held = samples.filter(({ atS }) => atS - firstS <= endS);
for (const name of new Set(held.flatMap(({ rssMb }) => [...rssMb.keys()]))) {
  console.log(growthRow(name, held));
}
const counts = held.map(({ environments }) => environments);
const settledCounts = counts.slice(Math.floor(counts.length * SETTLING_SHARE));
console.log(
  `environments: ${settledCounts[0]} settled, ${counts.at(-1)} at the end, ${Math.max(...counts)} at most`,
);
if (stalledAtS !== null) {
  const since = stalledAtS;
  const before = held.findLast(({ atS }) => atS <= since)?.environments ?? 0;
  const after = held.filter(({ atS }) => atS > since);
  const most = Math.max(...after.map(({ environments }) => environments));
  const grownS = (after.find(({ environments }) => environments === most)?.atS ?? since) - since;
  console.log(
    `stall of ${stallS} s: ${before} → ${most} environments within ${grownS.toFixed(0)} s`,
  );
}
console.log(`peak of bench, collecting and merging included: ${peak('bench')} MB`);
const { engine, merge, host, collections, status } = record;
const { requests = 0, reached = 0, withBoth = 0 } = merge ?? {};
console.log(
  `${requests} requests: ${requests - reached} reached no environment, ${reached - withBoth} of the others lack trace or REPORT line, ${engine?.droppedIterations} not sent`,
);
console.log(JSON.stringify({ status, engine, merge, host, collections }));

/** As a closed load finds it: users who ask again as soon as they have an answer. */
async function hostRatePerS(): Promise<number> {
  const holdS = 20;
  const id = await bench(
    [
      '--scenario',
      'closed',
      '--vus',
      '8',
      '--think',
      '0s',
      '--warm-up',
      '3s',
      '--ramp',
      '2s',
    ].concat('--hold', `${holdS}s`),
    async () => {},
  );
  const found = runFolder(folder, id).trials()[0]?.read();
  const requests = found?.merge?.requests ?? 0;
  const perS = requests / (holdS + 4);
  console.log(`this host does about ${perS.toFixed(0)} requests/s`);
  return perS;
}

async function bench(
  flags: string[],
  onSample: (sample: Sample, pid: number) => Promise<void>,
): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      join(packageRoot(), 'src/cli/bench.js'),
      ...['run', '--backend', 'dynamo', '--memory', '1769', '--yes', '--json'],
      ...['--results', folder, ...flags],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const done = new AbortController();
  void ended.then(() => done.abort());
  while (!done.signal.aborted) {
    const pid = child.pid ?? 0;
    await onSample({ atS: performance.now() / 1000, ...processesOf(pid) }, pid);
    await sleep(1000, undefined, { signal: done.signal }).catch(() => {});
  }
  const code = await ended;
  if (code !== 0) throw new Error(`bench run ended with ${code}`);
  return readdirSync(folder).sort().at(-1) ?? '';
}

function processesOf(root: number): Omit<Sample, 'atS'> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /^PPid:\t(\d+)/m.exec(text(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const sums = new Map<string, number>();
  let environments = 0;
  for (const pid of parents.keys()) {
    if (!isBelow(pid, root, parents)) continue;
    const name = nameOf(pid, root);
    const pages = Number(text(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
    const mb = (pages * 4096) / 1024 / 1024;
    sums.set(name, (sums.get(name) ?? 0) + mb);
    if (name !== 'environments') continue;
    environments += 1;
    sums.set('the largest', Math.max(sums.get('the largest') ?? 0, mb));
  }
  return { rssMb: sums, environments };
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = parents.get(at)) {
    if (at === root) return true;
  }
  return false;
}

function nameOf(pid: number, root: number): string {
  if (pid === root) return 'bench';
  const command = text(`/proc/${pid}/cmdline`);
  if (command.includes('bootstrap')) return 'environments';
  if (command.includes('k6')) return 'k6';
  return command.includes('dynalite') ? 'database' : 'other';
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function growthRow(name: string, all: readonly Sample[]): string {
  const points = all.flatMap(({ atS, rssMb }) => {
    const mb = rssMb.get(name);
    return mb === undefined ? [] : [{ atS, mb }];
  });
  const settled = points.slice(Math.floor(points.length * SETTLING_SHARE));
  const tenth = Math.max(1, Math.floor(settled.length / 10));
  const first = median(settled.slice(0, tenth).map(({ mb }) => mb));
  const last = median(settled.slice(-tenth).map(({ mb }) => mb));
  const share = ((last / first - 1) * 100).toFixed(1);
  const columns = [first.toFixed(0).padStart(10), last.toFixed(0).padStart(14)];
  return `${name.padEnd(13)} ${columns.join(' ')} ${`${share}%`.padStart(7)} ${slopeMbPerH(settled).toFixed(1).padStart(11)}`;
}

/** Least squares. */
function slopeMbPerH(points: readonly { atS: number; mb: number }[]): number {
  const meanS = points.reduce((sum, { atS }) => sum + atS, 0) / points.length;
  const meanMb = points.reduce((sum, { mb }) => sum + mb, 0) / points.length;
  let above = 0;
  let below = 0;
  for (const { atS, mb } of points) {
    above += (atS - meanS) * (mb - meanMb);
    below += (atS - meanS) ** 2;
  }
  return (above / below) * 3600;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function peak(name: string): string {
  return Math.max(...samples.map(({ rssMb }) => rssMb.get(name) ?? 0)).toFixed(0);
}
