import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { REQUEST_FIELDS, type RequestField } from '../../model/k6-samples.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import type { SampleFile } from './csv-file.ts';
import { decoded, outcomeSql, type RequestCounts, taggedSql } from './fields.ts';
import { LONGEST_LINE, lineBlocks } from './line-blocks.ts';
import { NUMBERS } from './request-fields.ts';
import { type Head, RequestLines } from './request-lines.ts';

/** The requests of a file that has all fields of a request in one sample, taken from it. */
export interface PickedRequests {
  /** A CSV of our own: REQUEST_FIELDS, started_us, head. */
  path: string;
  heads: readonly Head[];
  counts: Omit<RequestCounts, 'oddOutcomes'>;
}

const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ...REQUEST_FIELDS.map((name) => [name, NUMBERS.has(name) ? 'BIGINT' : 'VARCHAR'] as const),
  ['started_us', 'BIGINT'],
  ['head', 'INTEGER'],
];

/** What a thread of DuckDB takes at a time of our CSV: a seventeenth of it with half a million requests. */
const READ_BYTES = 4 * LONGEST_LINE;

/** Reads the file once, in blocks. */
export async function pickRequests(file: SampleFile, tempFolder: string): Promise<PickedRequests> {
  const path = join(tempFolder, 'k6-requests.csv');
  const target = openSync(path, 'w');
  try {
    const write = (rows: Buffer) => {
      for (let at = 0; at < rows.length; ) at += writeSync(target, rows, at);
    };
    write(Buffer.from(`${COLUMNS.map(([name]) => name).join(';')}\n`));
    const requests = new RequestLines(file.columns.size, write);
    for await (const lines of lineBlocks(file.path)) requests.add(lines);
    const { unfinished, lost } = requests.finish();
    const { malformed } = requests;
    return {
      path,
      heads: requests.heads,
      counts: { malformed, unfinished, lostSamples: lost },
    };
  } finally {
    closeSync(target);
  }
}

/** Makes the view `sent` of them. @returns what is counted */
export async function importPacked(
  database: Database,
  file: SampleFile,
  picked: PickedRequests,
): Promise<RequestCounts> {
  await loadHeads(database, [...file.columns], picked.heads);
  await database.run(taggedSql('select distinct tags from heads'));
  await database.run(sentSql(picked.path));
  const { odd } = await database.row<{ odd: number }>(
    `select coalesce(sum(requests), 0) as odd
     from heads join tagged on tagged.tags is not distinct from heads.tags where odd_outcome`,
  );
  return { ...picked.counts, oddOutcomes: odd };
}

/** Their cells are those of the columns between value and metadata. */
async function loadHeads(
  database: Database,
  columns: readonly string[],
  heads: readonly Head[],
): Promise<void> {
  await database.run(
    'create table heads (head integer, k6_scenario varchar, tags varchar, requests bigint)',
  );
  const [scenario, tags] = ['scenario', 'extra_tags'].map((name) => columns.indexOf(name) - 3);
  const rows = await database.appender('heads');
  for (const { index, cells, requests } of heads) {
    rows.appendInteger(index);
    rows.appendVarchar(cells[scenario as number] ?? '');
    rows.appendVarchar(cells[tags as number] ?? '');
    rows.appendBigInt(BigInt(requests));
    rows.endRow();
  }
  rows.closeSync();
}

function sentSql(path: string): string {
  const types = COLUMNS.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ');
  const text = (name: RequestField) => `nullif(${decoded(name)}, '')`;
  return `
    create view sent as
    with fields as (
      select * exclude (http_status), coalesce(try_cast(http_status as integer), 0) as status
      from read_csv(${literal(path)}, header = true, auto_detect = false, delim = ';', quote = '',
        escape = '', columns = {${types}}, max_line_size = ${LONGEST_LINE}, buffer_size = ${READ_BYTES})),
    known as (
      select head, operation, ${decoded('k6_scenario')} as scenario, phase, own_outcome, odd_outcome
      from heads join tagged on tagged.tags is not distinct from heads.tags)
    select coalesce(${decoded('trace_id')}, '') as sent_trace_id,
      ${text('returned_trace_id')} as returned_trace_id, ${text('request_id')} as request_id,
      join_key, started_us, operation, scenario, phase, status, odd_outcome,
      ${outcomeSql('status')} as outcome, ${text('error')} as error,
      blocked_us, connecting_us, tls_us, sending_us, waiting_us, receiving_us,
      total_us - receiving_us as first_byte_us, total_us, response_bytes,
      coalesce(sampled <> '0', true) as sampled
    from fields join known using (head)`;
}
