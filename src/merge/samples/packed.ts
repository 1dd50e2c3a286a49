import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestField } from '../../model/k6-samples.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import type { SampleFile } from './csv-file.ts';
import { decoded, outcomeSql, type RequestCounts, taggedSql } from './fields.ts';
import { halvesOf, LONGEST_LINE, WHOLE } from './line-blocks.ts';
import { PICKED_COLUMNS, pickLines } from './picked-file.ts';
import type { Head, RequestLines } from './request-lines.ts';
import { readSecondHalf } from './second-half.ts';

/** The requests of a file that has all fields of a request in one sample, taken from it. */
export interface PickedRequests {
  /** CSV of our own with PICKED_COLUMNS. */
  paths: readonly string[];
  heads: readonly Head[];
  counts: Omit<RequestCounts, 'oddOutcomes'>;
}

/** What a thread of DuckDB takes at a time of our CSV: a seventeenth of it with half a million requests. */
const READ_BYTES = 4 * LONGEST_LINE;

/** Below it, a second thread takes longer to start than it saves. */
const HALVES_FROM_BYTES = 64 << 20;

/**
 * Reads the file once, in blocks; a large one in two halves at a time.
 * @param inHalves whether to, whatever the size
 */
export async function pickRequests(
  file: SampleFile,
  tempFolder: string,
  inHalves = statSync(file.path).size >= HALVES_FROM_BYTES,
): Promise<PickedRequests> {
  const paths = ['', '-2'].map((half) => join(tempFolder, `k6-requests${half}.csv`));
  const part = { path: file.path, columns: file.columns.size, rowsPath: paths[0] as string };
  const halves = inHalves ? halvesOf(file.path) : null;
  if (halves === null) {
    const picked = await pickLines({ ...part, range: WHOLE, second: false }, finish);
    return { ...picked, paths: [part.rowsPath] };
  }
  const [range, secondRange] = halves;
  const rest = readSecondHalf({
    ...part,
    range: secondRange,
    second: true,
    rowsPath: paths[1] as string,
  });
  const first = pickLines({ ...part, range, second: false }, async (requests) => {
    requests.takeRest(await rest);
    return finish(requests);
  });
  // Both have ended when this has, also where one fails.
  await Promise.allSettled([first, rest]);
  return { ...(await first), paths };
}

function finish(requests: RequestLines): Omit<PickedRequests, 'paths'> {
  const { unfinished, lost } = requests.finish();
  const { malformed, heads } = requests;
  return { heads, counts: { malformed, unfinished, lostSamples: lost } };
}

/** Makes the view `sent` of them. @returns what is counted */
export async function importPacked(
  database: Database,
  file: SampleFile,
  picked: PickedRequests,
): Promise<RequestCounts> {
  await loadHeads(database, [...file.columns], picked.heads);
  await database.run(taggedSql('select distinct tags from heads'));
  await database.run(sentSql(picked.paths));
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

function sentSql(paths: readonly string[]): string {
  const types = PICKED_COLUMNS.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(
    ', ',
  );
  const text = (name: RequestField) => `nullif(${decoded(name)}, '')`;
  return `
    create view sent as
    with fields as (
      select * exclude (http_status), coalesce(try_cast(http_status as integer), 0) as status
      from read_csv([${paths.map(literal).join(', ')}], header = true, auto_detect = false, delim = ';', quote = '',
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
