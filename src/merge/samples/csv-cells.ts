const [LINE_FEED, COMMA, EQUALS, POINT, ZERO] = [0x0a, 0x2c, 0x3d, 0x2e, 0x30] as const;

/** Reads cells of a CSV without quotes from its bytes. Lines end with a line feed. */
export class CellReader {
  /** Where the last cell read ends: at its comma or line feed. */
  end = 0;

  /** The digits of a cell; NaN where there are none or something else is with them. */
  wholeNumber(lines: Buffer, from: number): number {
    let value = 0;
    let at = from;
    for (; ; at += 1) {
      const byte = lines[at] as number;
      if (byte === COMMA || byte === LINE_FEED) break;
      value = isDigit(byte) ? value * 10 + byte - ZERO : Number.NaN;
    }
    this.end = at;
    return at === from ? Number.NaN : value;
  }

  /** Whether a cell has a number. */
  isNumber(lines: Buffer, from: number): boolean {
    let plain = true;
    let at = from;
    for (; ; at += 1) {
      const byte = lines[at] as number;
      if (byte === COMMA || byte === LINE_FEED) break;
      if (!isDigit(byte) && byte !== POINT) plain = false;
    }
    this.end = at;
    return at > from && (plain || Number.isFinite(Number(lines.toString('latin1', from, at))));
  }
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

/** Where what follows `name`, which ends with `=`, begins; −1 where it is not in the rest of the line. */
export function afterName(name: Buffer, lines: Buffer, from: number): number {
  for (let at = from; lines[at] !== LINE_FEED; at += 1) {
    if (lines[at] === EQUALS && endsWith(name, lines, at)) return at + 1;
  }
  return -1;
}

function endsWith(name: Buffer, lines: Buffer, end: number): boolean {
  let back = 1;
  while (back < name.length && lines[end - back] === name[name.length - 1 - back]) back += 1;
  return back === name.length;
}

/** Where the line ends. */
export function lineEnd(lines: Buffer, from: number): number {
  let at = from;
  while (lines[at] !== LINE_FEED) at += 1;
  return at;
}

/** Writes the digits of a whole number below 10¹⁶. @returns where they end */
export function writeDigits(target: Buffer, from: number, value: number): number {
  if (value >= 1e8) {
    const high = Math.floor(value / 1e8);
    return writeEight(target, writeDigits(target, from, high), value - high * 1e8);
  }
  let places = 1;
  for (let power = 10; power <= value; power *= 10) places += 1;
  return writePlaces(target, from, value, places);
}

const writeEight = (target: Buffer, from: number, value: number) =>
  writePlaces(target, from, value, 8);

function writePlaces(target: Buffer, from: number, value: number, places: number): number {
  let rest = value;
  for (let at = from + places - 1; at >= from; at -= 1) {
    const tenth = (rest / 10) | 0;
    target[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return from + places;
}
