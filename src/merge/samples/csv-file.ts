import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, ToolError } from '../../base/errors.ts';
import { REQUEST_METADATA, REQUEST_METRIC } from '../../model/k6-samples.ts';
import { literal } from '../../store/tables/database.ts';

/** k6's sample file, ready to be read by DuckDB. */
export interface SampleFile {
  path: string;
  columns: ReadonlySet<string>;
  /** The file ended within a line, as after a crash: the rest of that line was left out. */
  cutOff: boolean;
  /** The script's samples hold all that is known of their requests: see REQUEST_FIELDS. */
  packed: boolean;
}

const REQUIRED = ['metric_name', 'timestamp', 'metric_value', 'extra_tags', 'metadata'];

/**
 * Opens k6's CSV. A last line without its end could carry half a trace id and still look whole. Whoever
 * reads a packed file leaves it out; of another, which DuckDB reads, a copy without it is made.
 * Throws ToolError where the file is missing or lacks a column.
 */
export function openSamples(path: string, tempFolder: string): SampleFile {
  let size: number;
  try {
    size = statSync(path).size;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new ToolError(
      `${path}: there are no k6 samples; the load was not driven, or they were removed after the merge (keep them with --keep-raw)`,
    );
  }
  const file = openSync(path, 'r');
  let head: string;
  let wholeBytes: number;
  let packed: boolean;
  try {
    head = readText(file, 0, Math.min(size, 65_536));
    wholeBytes = lastLineEnd(file, size);
    packed = isPacked(file);
  } finally {
    closeSync(file);
  }
  const end = head.indexOf('\n');
  const columns = new Set((end < 0 ? '' : head.slice(0, end).trimEnd()).split(','));
  // k6 writes the metadata last; the text of a request is looked for there.
  packed &&= [...columns].at(-1) === 'metadata';
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new ToolError(
      `${path}: the header has no column ${missing.join(', ')}; it is not the CSV output of k6`,
    );
  }
  const cutOff = wholeBytes !== size;
  if (!cutOff || packed) return { path, columns, cutOff, packed };
  const copy = join(tempFolder, 'k6-whole-lines.csv');
  copyFileSync(path, copy);
  truncateSync(copy, wholeBytes);
  return { path: copy, columns, cutOff: true, packed };
}

/** A table expression of the file, all columns text. Lines that do not fit go to reject_errors. */
export function csvScan(file: SampleFile): string {
  const names = [...file.columns];
  const types = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(file.path)}, header = true, auto_detect = false, delim = ',',
    quote = '"', escape = '"', columns = {${types}}, store_rejects = true,
    max_line_size = 1000000)`;
}

/** One script writes a file, so its first sample tells of all. */
function isPacked(file: number): boolean {
  const buffer = Buffer.alloc(1 << 20);
  let text = '';
  for (let at = 0; ; ) {
    const length = readSync(file, buffer, 0, buffer.length, at);
    at += length;
    text += buffer.toString('latin1', 0, length);
    const from = text.indexOf(`\n${REQUEST_METRIC},`);
    const end = from < 0 ? -1 : text.indexOf('\n', from + 1);
    if (end >= 0) return text.slice(from, end).includes(`,${REQUEST_METADATA}=`);
    if (length === 0) return false;
    // What could be the start of it, or has no end yet.
    text = from < 0 ? text.slice(-REQUEST_METRIC.length - 1) : text.slice(from);
  }
}

function readText(file: number, position: number, length: number): string {
  const buffer = Buffer.alloc(length);
  return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, position));
}

function lastLineEnd(file: number, size: number): number {
  const step = 65_536;
  for (let to = size; to > 0; to -= step) {
    const from = Math.max(0, to - step);
    const buffer = Buffer.alloc(to - from);
    readSync(file, buffer, 0, buffer.length, from);
    const at = buffer.lastIndexOf(0x0a);
    if (at >= 0) return from + at + 1;
  }
  return 0;
}
