/**
 * How long PostgreSQL takes until it answers with a data set, seeded and from the snapshot, beside
 * the floors of both:
 *   node benchmarks/seeding-postgres.ts [data set, x100 unless told] [repetitions, 3 unless told]
 * Floors: making the same rows' text and throwing it away; copying the snapshot's files with cp.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataset } from '../fixtures/dataset/dataset.ts';
import { tweetsText, usersText } from '../src/backends/postgres/copy-text.ts';
import { postgresBackend } from '../src/backends/postgres/postgres-backend.ts';
import { datasetName } from '../src/backends/shared/reference-api.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import type { Endpoint } from '../src/model/endpoint.ts';

const name = datasetName(process.argv[2] ?? 'x100');
const repetitions = Number(process.argv[3] ?? 3);
const supervisor = createSupervisor();
const { signal } = new AbortController();

function endpointOf(variant: string): Endpoint {
  return {
    backend: 'postgres',
    variant,
    dataLayer: 'pg',
    batching: false,
    memoryMb: 1024,
    front: 'rest-api',
    server: 'apollo',
    dataset: name,
    runtime: 'nodejs24.x',
    timeoutS: 30,
    provisionedConcurrency: 0,
    reservedConcurrency: null,
    responseStreaming: false,
    revision: null,
  };
}

async function secondsOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const fromMs = performance.now();
  await work();
  return (performance.now() - fromMs) / 1000;
}

async function startedS(variant: string, cacheFolder: string): Promise<number> {
  const context = {
    supervisor,
    endpoint: endpointOf(variant),
    options: { postgresUrl: null, postgresConnections: null },
    cacheFolder,
    progress() {},
    signal,
  };
  let stop = async () => {};
  const seconds = await secondsOf(async () => {
    const instance = await postgresBackend.start(context);
    stop = () => instance.stop();
  });
  await stop();
  return seconds;
}

function textOf(): void {
  const rows = dataset(name);
  for (const text of [usersText(rows), tweetsText(rows, () => {})]) for (const _ of text);
}

function show(label: string, seconds: number[]): void {
  const sorted = seconds.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const range = `${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)}`;
  console.log(`${label.padEnd(44)} ${middle.toFixed(2)} s  (${range}, n = ${sorted.length})`);
}

try {
  for (const variant of ['indexed', 'as-published']) {
    const seeded: number[] = [];
    const copied: number[] = [];
    const files: number[] = [];
    for (let round = 0; round < repetitions; round += 1) {
      const cacheFolder = supervisor.ownFolder('bench-seeding');
      seeded.push(await startedS(variant, cacheFolder));
      copied.push(await startedS(variant, cacheFolder));
      const snapshots = join(cacheFolder, 'snapshots');
      const [snapshot = ''] = readdirSync(snapshots);
      const copy = join(cacheFolder, 'copy');
      files.push(await secondsOf(() => spawnSync('cp', ['-r', join(snapshots, snapshot), copy])));
      rmSync(cacheFolder, { recursive: true });
    }
    show(`${name} ${variant}: seeded and ready`, seeded);
    show(`${name} ${variant}: ready from the snapshot`, copied);
    show(`${name} ${variant}: floor, cp of the snapshot`, files);
  }
  const texts: number[] = [];
  for (let round = 0; round < repetitions; round += 1) texts.push(await secondsOf(textOf));
  show(`${name}: floor, making the text of the rows`, texts);
} finally {
  await supervisor.close();
}
