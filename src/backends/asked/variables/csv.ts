import { CsvError, parse } from 'csv-parse/sync';
import type { FileProblems } from '../problems.ts';
import { MAX_ROWS, type Table } from './table.ts';

/**
 * Reads comma-separated values with a header (RFC 4180: quotes where a cell holds commas, quotes or
 * line breaks). Lines that are broken are told to `problems` and left out.
 */
export function readCsv(file: string, text: string, problems: FileProblems): Table {
  const [header, ...lines] = linesOf(file, text, problems);
  const columns = (header?.record ?? []).map((name) => name.trim());
  const rows: Table['rows'] = [];
  if (header === undefined) {
    if (!problems.any) problems.add(file, 'is empty; its first line names the variables');
    return { columns, rows, typed: false };
  }
  const at = `${file}:${header.line}`;
  columns.forEach((name, index) => {
    if (name === '') problems.add(at, `column ${index + 1} has no name`);
    else if (columns.indexOf(name) !== index) problems.add(at, `two columns are called ${name}`);
    else if (/[;\t|]/.test(name)) problems.add(at, `separate columns by commas: ${name}`);
  });
  for (const { record, line } of lines) {
    if (record.length !== columns.length) {
      const cells = `${record.length} ${record.length === 1 ? 'cell' : 'cells'}`;
      problems.add(`${file}:${line}`, `${cells}, but the header names ${columns.length}`);
      continue;
    }
    rows.push({
      line,
      values: Object.fromEntries(columns.map((name, index) => [name, record[index]])),
    });
  }
  if (lines.length === 0) problems.add(file, 'has a header and no rows');
  return { columns, rows, typed: false };
}

interface Line {
  record: string[];
  /** Where it begins, from 1. */
  line: number;
}

function linesOf(file: string, text: string, problems: FileProblems): Line[] {
  const found: Line[] = [];
  const bytes = Buffer.from(text);
  const place = new Place(bytes);
  try {
    parse(bytes, {
      // Each as it comes: the parser takes the first for that of the whole file, and files are mixed
      // where two systems wrote into them.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      to: MAX_ROWS + 2,
      on_record: (record: string[], context) => {
        found.push({ record, line: place.begin() });
        place.moveTo(context.bytes);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Where the record begins: the parser names the line it got to, for an open quote the last one.
    problems.add(`${file}:${place.begin()}`, wordsOf(error));
  }
  return found;
}

/** Follows the parser through the file: its own count of lines takes CR LF within quotes for two. */
class Place {
  readonly #bytes: Uint8Array;
  #at = 0;
  #line = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The line the next record begins on: empty lines and what ends the last record are skipped. */
  begin(): number {
    while (this.#bytes[this.#at] === LINE_FEED || this.#bytes[this.#at] === RETURN) this.#step();
    return this.#line;
  }

  moveTo(at: number): void {
    while (this.#at < at) this.#step();
  }

  #step(): void {
    if (this.#bytes[this.#at] === LINE_FEED) this.#line += 1;
    this.#at += 1;
  }
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

function wordsOf({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and not closed';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote within a cell; put the whole cell in quotes and write "" for one';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quoted cell goes on after its closing quote; write "" for a quote within it';
    default:
      return message;
  }
}
