/**
 * How fast a trial is merged, beside the floor of each part:
 *   node benchmarks/merge.ts [requests, 100000 unless told]
 * Wall time and CPU time of the process: the latter hardly moves with what else the machine does.
 *
 * Floors: DuckDB reading the same CSV alone, with the columns the merge needs, by the same settings and
 * in as many threads; the same with one column counted; JSON.parse of the traces' lines and documents.
 * Merges: of the samples and the rows the collectors wrote; the same after readLoad, which has read
 * the samples; and of the raw documents, as of a run of before there were rows. Each in a process of its
 * own, so that their peak memory is their own, too.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/base/random.ts';
import { readJsonLines } from '../src/merge/json-lines.ts';
import { mergeTrial, readLoad } from '../src/merge/merge-trial.ts';
import { csvScan, openSamples } from '../src/merge/samples/csv-file.ts';
import { writeLargeTrial } from '../src/merge/testing/large-trial.ts';
import { RAW_FILES } from '../src/model/raw.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';
import { Database } from '../src/store/tables/database.ts';
import { traceFacts } from '../src/store/telemetry/facts.ts';
import { parseTrace } from '../src/store/telemetry/parse-trace.ts';

interface Measured {
  wallMs: number;
  cpuMs: number;
  peakBytes: number;
  /** What was counted: rows, requests, documents. */
  count: number;
}

const COLUMNS = [
  'metric_name',
  'timestamp',
  'metric_value',
  'scenario',
  'status',
  'extra_tags',
  'metadata',
];

const parts: Record<string, (folder: string) => Promise<number> | number> = {
  one: (folder) => countCsv(folder, ['metric_value']),
  all: (folder) => countCsv(folder, COLUMNS),
  merge: async (folder) => {
    const { counts } = await mergeTrial({
      trialFolder: folder,
      cell: {
        id: 'benchmark',
        endpoint: anEndpoint(),
        profile: { kind: 'ramp', ratePerS: 50, warmUpS: 1, rampS: 1, holdS: 1 },
      },
    });
    return counts.withBoth;
  },
  load: async (folder) => (await readLoad(join(folder, 'raw'))).traceIds.length,
  parse: async (folder) => {
    let documents = 0;
    await eachLine(folder, (line) => {
      const { Segments } = JSON.parse(line) as { Segments: { Document: string }[] };
      for (const { Document } of Segments) JSON.parse(Document);
      documents += Segments.length;
      return undefined;
    });
    return documents;
  },
  facts: async (folder) => {
    let traces = 0;
    await eachLine(folder, (line) => {
      const trace = parseTrace(line, () => {});
      if (trace !== null && traceFacts(trace.spans).backendCalls > 0) traces += 1;
      return undefined;
    });
    return traces;
  },
};

/** Every value of the columns is made: how long it is takes no more than that it is there. */
async function countCsv(folder: string, columns: readonly string[]): Promise<number> {
  const tempFolder = join(folder, 'floor-temp');
  const database = await Database.open({ tempFolder });
  const file = openSamples(join(folder, 'raw', RAW_FILES.k6Samples), tempFolder);
  const lengths = columns.map((column) => `max(strlen(${column})) as ${column}`).join(', ');
  const { n } = await database.row<{ n: number }>(
    `select count(*) as n, ${lengths} from ${csvScan(file)}`,
  );
  database.close();
  return n;
}

const eachLine = (folder: string, onLine: (line: string) => undefined) =>
  readJsonLines(join(folder, 'raw', RAW_FILES.traces), onLine, (damage) => {
    throw new Error(damage);
  });

const part = parts[process.argv[2] ?? ''];
if (part !== undefined) {
  const [startedMs, before] = [performance.now(), process.cpuUsage()];
  const count = await part(process.argv[3] as string);
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = {
    wallMs: performance.now() - startedMs,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    count,
  };
  process.stdout.write(JSON.stringify(measured));
  process.exit(0);
}

const requests = Number(process.argv[2] ?? 100_000);
if (!Number.isInteger(requests) || requests < 1) {
  throw new Error('usage: node benchmarks/merge.ts [requests]');
}
const folder = mkdtempSync(join(tmpdir(), 'bench-merge-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await writeLargeTrial(folder, requests, seededRandom(1));

const megabytes = (bytes: number) => Math.round(bytes / 1e6);
const raw = (name: string) => join(folder, 'raw', name);
const measure = (name: string): Measured =>
  JSON.parse(
    execFileSync(process.execPath, [import.meta.filename, name, folder], {
      encoding: 'utf8',
      timeout: 600_000,
    }),
  ) as Measured;
const ratios = (measured: Measured, floor: Measured) =>
  `${(measured.cpuMs / floor.cpuMs).toFixed(2)} × CPU, ${(measured.wallMs / floor.wallMs).toFixed(2)} × wall`;
const tell = (name: string, { wallMs, cpuMs, peakBytes }: Measured, figure = '') =>
  console.log(
    `${name.padEnd(42)}${`${Math.round(cpuMs)} ms CPU, ${Math.round(wallMs)} ms, ${megabytes(peakBytes)} MB`.padEnd(34)}${figure}`,
  );
/** In turns, since the machine is quicker at one time than at another; of each the least by wall time. */
const TURNS = 5;
function least<Name extends string>(...names: Name[]): Record<Name, Measured> {
  const best = {} as Record<Name, Measured>;
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const name of names) {
      const measured = measure(name);
      if (best[name] === undefined || measured.wallMs < best[name].wallMs) best[name] = measured;
    }
  }
  return best;
}
const tellMerge = (name: string, merged: Measured) => {
  if (merged.count !== requests) throw new Error(`${name}: joined with both ${merged.count}`);
  tell(name, merged, `${ratios(merged, all)} of all columns, ${ratios(merged, one)} of one`);
};

console.log(
  `${requests} requests: CSV ${megabytes(statSync(raw(RAW_FILES.k6Samples)).size)} MB, traces ${megabytes(statSync(raw(RAW_FILES.traces)).size)} MB compressed`,
);
const { one, all, merge } = least('one', 'all', 'merge');
tell(`floor: DuckDB reads one column, ${one.count} rows`, one);
tell('floor: DuckDB reads all the merge needs', all);
tellMerge('merge of CSV and rows', merge);
const inRun = least('load', 'merge');
tell('readLoad (requests, ids)', inRun.load);
tellMerge('merge after it', inRun.merge);
for (const file of [RAW_FILES.spanRows, RAW_FILES.traceRows, RAW_FILES.reportRows]) {
  rmSync(raw(file));
}
tellMerge('merge of CSV and raw documents', measure('merge'));
const plain = measure('parse');
tell(`floor: JSON.parse of ${plain.count} documents`, plain);
const parsed = measure('facts');
tell('parse, check, roles, facts', parsed, ratios(parsed, plain));
