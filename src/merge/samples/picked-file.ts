import { closeSync, openSync, writeSync } from 'node:fs';
import { REQUEST_FIELDS } from '../../model/k6-samples.ts';
import { lineBlocks, type Range } from './line-blocks.ts';
import { NUMBERS } from './request-fields.ts';
import { RequestLines } from './request-lines.ts';

/** The columns of the CSV that is made of k6's. */
export const PICKED_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ...REQUEST_FIELDS.map((name) => [name, NUMBERS.has(name) ? 'BIGINT' : 'VARCHAR'] as const),
  ['started_us', 'BIGINT'],
  ['head', 'INTEGER'],
];

/** A part of k6's CSV. */
export interface Part {
  path: string;
  range: Range;
  /** How many columns it has. */
  columns: number;
  /** It is the second half of the file. */
  second: boolean;
  /** Gets the rows of its requests. */
  rowsPath: string;
}

/**
 * Looks through a part of the file and writes the rows of its requests.
 * @param finish is asked when all was looked at, and may have more to write
 */
export async function pickLines<T>(
  { path, range, columns, second, rowsPath }: Part,
  finish: (requests: RequestLines) => T | Promise<T>,
): Promise<T> {
  const target = openSync(rowsPath, 'w');
  try {
    const write = (rows: Buffer) => {
      for (let at = 0; at < rows.length; ) at += writeSync(target, rows, at);
    };
    write(Buffer.from(`${PICKED_COLUMNS.map(([name]) => name).join(';')}\n`));
    const requests = new RequestLines(columns, write, second);
    for await (const lines of lineBlocks(path, range)) requests.add(lines);
    return await finish(requests);
  } finally {
    closeSync(target);
  }
}
