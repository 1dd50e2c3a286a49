import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { RAW_FILES } from '../model/raw.ts';
import { Database, literal } from '../store/tables/database.ts';
import { readSent } from './sent-again.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  requestIdOf,
  traceIdOf,
} from './testing/known-request.ts';
import { jsonLines, knownRequests, writeRaw } from './testing/raw-trial.ts';
import { folder, merge, read } from './testing/trial-bed.ts';

const sampled = ({ index }: KnownRequest) => index % 3 === 0;

/** As Lambda writes it where the request is not sampled: no trace is named. */
function untraced(known: KnownRequest) {
  const event = reportEvent(known);
  return { ...event, message: event.message.replace(/XRAY.*/, '') };
}

/** Every third request was sampled; `knowing`: the answers carry Lambda's request id. */
function writeSampled(knowing: boolean): KnownRequest[] {
  const requests = knownRequests(30, seededRandom(7));
  const rows = requests.map((known) => {
    const id = knowing ? `&request_id=${requestIdOf(known)}` : '';
    return csvRows(known).replace(/\n$/, `${id}${sampled(known) ? '' : '&sampled=0'}\n`);
  });
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${rows.join('')}`,
    traces: requests
      .filter(sampled)
      .map((known) => rawTrace(known, { documents: 'old', clock: 'exact' })),
    events: requests.map((known) => (sampled(known) ? reportEvent(known) : untraced(known))),
  });
  return requests;
}

test('requests that were not sampled are broken down by their REPORT lines, and miss no trace', async () => {
  writeSampled(true);
  const { counts, warnings } = await merge();
  expect(counts).toMatchObject({
    reached: 30,
    sampled: 10,
    withTrace: 10,
    withReport: 30,
    invocations: 30,
  });
  expect(warnings).toEqual([expect.objectContaining({ code: 'no-metrics' })]);
  const sources = (await read('breakdown')).map(({ source }) => source);
  expect(sources.filter((source) => source === 'trace')).toHaveLength(10);
  expect(sources.filter((source) => source === 'report')).toHaveLength(20);
});

test('behind an API they are known by no id: their REPORT lines stay invocations', async () => {
  writeSampled(false);
  const { counts } = await merge();
  expect(counts).toMatchObject({ reached: 30, sampled: 10, withReport: 10, invocations: 30 });
  expect(await read('breakdown')).toHaveLength(10);
});

test('where none was sampled no trace is missing', async () => {
  const requests = knownRequests(5, seededRandom(7));
  const rows = requests.map((known) => csvRows(known).replace(/\n$/, '&sampled=0\n'));
  writeRaw(folder, { csv: `${CSV_HEADER}\n${rows.join('')}`, events: requests.map(untraced) });
  const { warnings } = await merge();
  expect(warnings.map(({ code }) => code)).not.toContain('no-traces');
});

test('later, from the table: what was sampled is known, and telemetry that came late is joined', async () => {
  const requests = writeSampled(true);
  const traces = requests.filter(sampled);
  const early = traces
    .slice(0, 4)
    .map((known) => rawTrace(known, { documents: 'old', clock: 'exact' }));
  const raw = (file: string) => join(folder, 'raw', file);
  writeFileSync(raw(RAW_FILES.traces), jsonLines(early));
  expect((await merge()).counts).toMatchObject({ sampled: 10, withTrace: 4 });
  const load = await readSent(folder);
  rmSync(raw(RAW_FILES.k6Samples));
  expect(await readSent(folder)).toEqual(load);
  expect(load).toEqual({ traceIds: traces.map(traceIdOf), expectedReports: 30 });
  const all = traces.map((known) => rawTrace(known, { documents: 'old', clock: 'exact' }));
  writeFileSync(raw(RAW_FILES.traces), jsonLines(all));
  expect((await merge()).counts).toMatchObject({ sampled: 10, withTrace: 10, withReport: 30 });
});

test('a table of before requests could be left out of the sample: all are in it', async () => {
  writeSampled(true);
  await merge();
  rmSync(join(folder, 'raw', RAW_FILES.k6Samples));
  const path = join(folder, 'requests.parquet');
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  await database.run(
    `create table old as select * exclude (sampled) from read_parquet(${literal(path)})`,
  );
  await database.run(`copy old to ${literal(path)} (format parquet)`);
  database.close();
  expect((await readSent(folder))?.traceIds).toHaveLength(30);
  expect((await merge()).counts).toMatchObject({ reached: 30, sampled: 30, withTrace: 10 });
});
