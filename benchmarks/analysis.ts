/**
 * How fast and in how much memory a large run is analysed, beside a floor in the same process kind:
 * DuckDB reading every column of every file once. Makes the run itself (about 2 minutes).
 *
 *   node benchmarks/analysis.ts [cells 30] [rounds 10] [requests a trial 10000]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { analyseRun } from '../src/analysis/analyse-run.ts';
import { type LargeRun, writeLargeRun } from '../src/analysis/testing/large-run.ts';
import { Database, literal } from '../src/store/tables/database.ts';
import { measureAlone, megabytes, took, workIfAsked } from './own-process.ts';

const recordsOf = (path: string) => join(path, 'run-and-trials.json');
const resultOf = (path: string) => join(path, 'analysis.json');
await workIfAsked({ floor, analyse });

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

const [cells, rounds, requests] = [30, 10, 10_000].map((usual, i) =>
  Number(process.argv[i + 2] ?? usual),
) as [number, number, number];
const folder = mkdtempSync(join(tmpdir(), 'bench-analysis-'));
try {
  const made = await writeLargeRun(folder, { cells, rounds, requests });
  writeFileSync(recordsOf(folder), JSON.stringify(made));
  const least = measureAlone(import.meta.filename, 'floor', folder);
  const whole = measureAlone(import.meta.filename, 'analyse', folder);
  console.log(`${cells} cells × ${rounds} trials × ${requests} requests`);
  console.log(`floor: every column of every file    ${took(least)}`);
  console.log(`analyseRun and analysis.json         ${took(whole)}`);
  console.log(`ratio ${(whole.workMs / least.workMs).toFixed(2)}`);
  const json = readFileSync(resultOf(folder));
  const packed = gzipSync(json).length;
  console.log(`analysis.json ${megabytes(json.length)}, ${megabytes(packed)} compressed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
