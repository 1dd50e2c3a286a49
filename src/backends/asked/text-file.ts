import { readdirSync, readFileSync, statSync } from 'node:fs';
import { errnoOf, messageOf, UsageError } from '../../base/errors.ts';

/** All of it stands in memory, as text and as rows; 200,000 rows of 1 KB fit. */
const MAX_BYTES = 256e6;

/** The names in a folder, in order; null where the path is not a folder. Throws UsageError. */
export function namesIn(path: string, named: string): string[] | null {
  try {
    return statSync(path).isDirectory() ? readdirSync(path).sort() : null;
  } catch (error) {
    const absent = errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR';
    if (absent) throw new UsageError(`${named}: there is no file or folder ${path}`);
    throw new UsageError(`${named}: ${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * A user's text file without its byte order mark. Throws UsageError naming the setting and the file,
 * and the line that is not UTF-8.
 */
export function readText(file: string, named: string): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) {
      const [megabytes, most] = [size, MAX_BYTES].map((value) => Math.ceil(value / 1e6));
      throw new UsageError(
        `${named}: ${file} has ${megabytes} MB, more than the ${most} MB that are read; take fewer rows`,
      );
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (errnoOf(error) === 'ENOENT') throw new UsageError(`${named}: there is no file ${file}`);
    throw new UsageError(`${named}: ${file} cannot be read: ${messageOf(error)}`);
  }
  const text = utf8(bytes);
  if (text !== null) return text;
  throw new UsageError(
    `${named}: ${file}:${badLine(bytes)}: not UTF-8; save the file in that encoding`,
  );
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** No byte of a character of several bytes is a line feed, so lines can be told apart in bytes. */
function badLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || utf8(bytes.subarray(start, end)) === null) return line;
    line += 1;
    start = end + 1;
  }
}
