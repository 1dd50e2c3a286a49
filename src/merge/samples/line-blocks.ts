import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** With what looks for lines in it, it stays in the cache of a core. */
const BLOCK_BYTES = 1 << 19;
/** A line that is longer is left out. */
export const LONGEST_LINE = 1 << 20;
const LINE_FEED = 0x0a;

/** Of a file's bytes, `to` not in it. */
export interface Range {
  from: number;
  to: number;
}

export const WHOLE: Range = { from: 0, to: Number.POSITIVE_INFINITY };

/**
 * A part of a file in blocks of whole lines, each block with the line feed before its first line (so without the
 * file's first line, a header) and that after its last. A block is overwritten when the next is asked for;
 * others have their turn in between. What follows the last line feed is left out.
 *
 * Read on this thread: one of the pool's leaves the bytes in another core's cache, takes 5% more CPU, and
 * was no sooner done.
 * @param range WHOLE, or from the line feed before the first line to that of the last, both in it
 */
export async function* lineBlocks(path: string, range: Range): AsyncGenerator<Buffer, void, void> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(LONGEST_LINE + BLOCK_BYTES);
    let position = range.from;
    for (let rest = 0; ; ) {
      const most = Math.min(BLOCK_BYTES, range.to - position);
      const read = readSync(file, buffer, rest, most, position);
      if (read === 0) return;
      position += read;
      const end = rest + read;
      const last = Math.max(buffer.subarray(0, end).lastIndexOf(LINE_FEED), 0);
      if (last > 0) yield buffer.subarray(0, last + 1);
      // What there is of a line that ends in the next block.
      rest = end - last <= LONGEST_LINE ? end - last : 0;
      buffer.copyWithin(0, last, last + rest);
      await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}

/** The two halves of a file, cut at the end of a line; null where none ends soon after the middle. */
export function halvesOf(path: string): [Range, Range] | null {
  const file = openSync(path, 'r');
  try {
    const middle = Math.floor(fstatSync(file).size / 2);
    const buffer = Buffer.allocUnsafe(LONGEST_LINE);
    const at = buffer
      .subarray(0, readSync(file, buffer, 0, buffer.length, middle))
      .indexOf(LINE_FEED);
    if (at < 0) return null;
    const cut = middle + at;
    // The line feed between them is in both.
    return [
      { ...WHOLE, to: cut + 1 },
      { ...WHOLE, from: cut },
    ];
  } finally {
    closeSync(file);
  }
}
