/**
 * How fast a trial is merged, beside the floor of each part in the same process:
 *   node benchmarks/merge.ts [requests, 100000 unless told]
 * Floors: DuckDB counting the rows of the same CSV; JSON.parse of the same lines and documents.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seededRandom } from '../src/base/random.ts';
import { mergeTrial, readLoad } from '../src/merge/merge-trial.ts';
import { writeLargeTrial } from '../src/merge/testing/large-trial.ts';
import { traceFacts } from '../src/merge/traces/facts.ts';
import { parseTrace } from '../src/merge/traces/load.ts';
import { anEndpoint } from '../src/model/testing/an-endpoint.ts';
import type { MergeCounts } from '../src/model/trial.ts';
import { Database, literal } from '../src/store/tables/database.ts';

const MERGE_ONLY = '--merge-only';
if (process.argv[2] === MERGE_ONLY) await mergeOnly(process.argv[3] as string);

const requests = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'bench-merge-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const raw = (name: string) => join(folder, 'raw', name);
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
}

async function mergeOnly(trialFolder: string): Promise<never> {
  const { ms, result } = await timed(() =>
    mergeTrial({
      trialFolder,
      cell: {
        id: 'benchmark',
        endpoint: anEndpoint(),
        profile: { kind: 'ramp', ratePerS: 50, warmUpS: 1, rampS: 1, holdS: 1 },
      },
    }),
  );
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ ms, peakBytes, counts: result.counts }));
  process.exit(0);
}

writeLargeTrial(folder, requests, seededRandom(1));
const csv = raw('k6.csv');
console.log(
  `${requests} requests: CSV ${megabytes(statSync(csv).size)} MB, traces ${megabytes(statSync(raw('xray.jsonl.gz')).size)} MB compressed`,
);

const database = await Database.open({ tempFolder: join(folder, 'temp') });
const scan = await timed(() =>
  database.row<{ n: number }>(
    `select count(metric_value) as n from read_csv(${literal(csv)}, all_varchar = true)`,
  ),
);
database.close();
const load = await timed(() => readLoad(join(folder, 'raw')));

const lines = gunzipSync(readFileSync(raw('xray.jsonl.gz')))
  .toString()
  .split('\n')
  .filter(Boolean);
const plain = await timed(() => {
  let documents = 0;
  for (const line of lines) {
    const { Segments } = JSON.parse(line) as { Segments: { Document: string }[] };
    for (const { Document } of Segments) {
      JSON.parse(Document);
      documents += 1;
    }
  }
  return documents;
});
const parsed = await timed(() => {
  let calls = 0;
  for (const line of lines) {
    const trace = parseTrace(line, () => {});
    if (trace !== null) calls += traceFacts(trace.spans).backendCalls;
  }
  return calls;
});
lines.length = 0;

// In a process of its own, so that its peak memory is that of the merge alone.
const merged = JSON.parse(
  execFileSync(process.execPath, [import.meta.filename, MERGE_ONLY, folder], {
    encoding: 'utf8',
    timeout: 600_000,
  }),
) as { ms: number; peakBytes: number; counts: MergeCounts };
const { counts } = merged;
const perSecond = (count: number, ms: number) => `${Math.round((count / ms) * 1000)}/s`;
const ratio = (a: number, b: number) => (a / b).toFixed(2);
console.log(`floor: DuckDB counts ${scan.result.n} CSV rows        ${Math.round(scan.ms)} ms`);
console.log(
  `readLoad (pivot, ids)                     ${Math.round(load.ms)} ms, ${ratio(load.ms, scan.ms)} × floor`,
);
console.log(
  `floor: JSON.parse of ${plain.result} documents      ${Math.round(plain.ms)} ms, ${perSecond(requests, plain.ms)} traces`,
);
console.log(
  `parse, check, roles, facts                ${Math.round(parsed.ms)} ms, ${perSecond(requests, parsed.ms)} traces, ${ratio(parsed.ms, plain.ms)} × floor`,
);
console.log(
  `mergeTrial, everything                    ${Math.round(merged.ms)} ms, ${perSecond(requests, merged.ms)} requests, ${ratio(merged.ms, scan.ms + plain.ms)} × both floors`,
);
console.log(
  `joined with both ${counts.withBoth} of ${counts.reached}; peak memory ${megabytes(merged.peakBytes)} MB`,
);
