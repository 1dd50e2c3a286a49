/**
 * How fast and in how much memory a large run is analysed, beside a floor in the same process kind:
 * DuckDB reading every column of every file once. Makes the run itself (about 2 minutes).
 *
 *   node benchmarks/analysis.ts [cells 30] [rounds 10] [requests a trial 10000]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { analyseRun } from '../src/analysis/analyse-run.ts';
import { type LargeRun, writeLargeRun } from '../src/analysis/testing/large-run.ts';
import { Database, literal } from '../src/store/tables/database.ts';

interface Measured {
  ms: number;
  cpuMs: number;
  peakBytes: number;
}

const recordsOf = (path: string) => join(path, 'run-and-trials.json');
const resultOf = (path: string) => join(path, 'analysis.json');
const WORK = { '--floor': floor, '--analyse': analyse };
const [first = '', second = ''] = process.argv.slice(2);
const work = WORK[first as keyof typeof WORK];
if (work !== undefined) {
  const from = performance.now();
  await work(second);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const measured: Measured = {
    ms: performance.now() - from,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    peakBytes: maxRSS * 1024,
  };
  process.stdout.write(JSON.stringify(measured));
  process.exit(0);
}

async function analyse(folder: string): Promise<void> {
  const job = JSON.parse(readFileSync(recordsOf(folder), 'utf8')) as LargeRun;
  writeFileSync(resultOf(folder), `${JSON.stringify(await analyseRun(job), null, 2)}\n`);
}

async function floor(folder: string): Promise<void> {
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  for (const name of ['requests', 'breakdown', 'invocations', 'spans']) {
    const files = literal(join(folder, 'trials', '*', '*', `${name}.parquet`));
    await database.row(`select count(columns(*)) from read_parquet(${files})`);
  }
  database.close();
}

/** In a process of its own, so that its peak memory is its own. */
function measure(how: keyof typeof WORK, folder: string): Measured {
  const said = execFileSync(process.execPath, [import.meta.filename, how, folder], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  return JSON.parse(said) as Measured;
}

const [cells, rounds, requests] = [30, 10, 10_000].map((usual, i) =>
  Number(process.argv[i + 2] ?? usual),
) as [number, number, number];
const folder = mkdtempSync(join(tmpdir(), 'bench-analysis-'));
try {
  const made = await writeLargeRun(folder, { cells, rounds, requests });
  writeFileSync(recordsOf(folder), JSON.stringify(made));
  const least = measure('--floor', folder);
  const whole = measure('--analyse', folder);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const line = (name: string, { ms, cpuMs, peakBytes }: Measured) =>
    `${name.padEnd(36)} ${(ms / 1000).toFixed(1)} s, ${(cpuMs / 1000).toFixed(1)} s of CPU, peak ${Math.round(peakBytes / 1e6)} MB`;
  console.log(`${cells} cells × ${rounds} trials × ${requests} requests`);
  console.log(line('floor: every column of every file', least));
  console.log(line('analyseRun and analysis.json', whole));
  console.log(`ratio ${(whole.ms / least.ms).toFixed(2)}`);
  const json = readFileSync(resultOf(folder));
  const { size } = statSync(resultOf(folder));
  console.log(
    `analysis.json ${megabytes(size)} MB, ${megabytes(gzipSync(json).length)} MB compressed`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
