import { REQUEST_FIELDS, type RequestField } from '../../model/k6-samples.ts';
import { isDigit } from './csv-cells.ts';

const [LINE_FEED, QUOTE, COMMA, ZERO, SEMICOLON] = [0x0a, 0x22, 0x2c, 0x30, 0x3b] as const;
const COUNT = REQUEST_FIELDS.length;
const KEY = REQUEST_FIELDS.indexOf('join_key');
const TOTAL = REQUEST_FIELDS.indexOf('total_us');
/** Fields that hold a whole number. */
export const NUMBERS: ReadonlySet<RequestField> = new Set(
  REQUEST_FIELDS.filter(
    (name) => name.endsWith('_us') || ['join_key', 'http_status', 'response_bytes'].includes(name),
  ),
);
const IS_NUMBER = REQUEST_FIELDS.map((name) => NUMBERS.has(name));
/** More are no number of ours: a double holds these exactly, and so does BIGINT. */
const DIGITS = 15;

/** By byte, 1: what is in no value of the script, but in what follows a line that was torn, or is no text. */
const FOREIGN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte === COMMA || byte === QUOTE || byte < 0x20 || byte > 0x7e),
);

/** The fields of a request as they stand in the text of its sample: see REQUEST_FIELDS. */
export class RequestFields {
  /** NaN where it has none. */
  key = Number.NaN;
  totalUs = Number.NaN;
  /** Where the fields end; what is behind them is of a later version. */
  end = 0;
  lineEnd = 0;
  /** All fields are there, and nothing is in them that the script does not write. */
  whole = false;
  /** Every number is one, or is not known. */
  plain = true;

  /** Reads up to the line's end. */
  read(lines: Buffer, from: number): void {
    this.key = Number.NaN;
    this.totalUs = Number.NaN;
    this.plain = true;
    let foreign = 0;
    for (let field = 0, start = from; ; field += 1) {
      let at = start;
      let byte = lines[at] as number;
      if (IS_NUMBER[field] === true) {
        let value = 0;
        for (; byte !== SEMICOLON && byte !== LINE_FEED; byte = lines[at] as number) {
          value = isDigit(byte) ? value * 10 + byte - ZERO : Number.NaN;
          at += 1;
        }
        this.#take(field, at - start, value);
      } else {
        for (; byte !== SEMICOLON && byte !== LINE_FEED; byte = lines[at] as number) {
          foreign |= FOREIGN[byte] as number;
          at += 1;
        }
      }
      if (field === COUNT - 1) this.end = at;
      if (byte === LINE_FEED) {
        this.lineEnd = at;
        this.whole = field >= COUNT - 1 && foreign === 0;
        return;
      }
      start = at + 1;
    }
  }

  #take(field: number, length: number, value: number): void {
    if (length === 0) return;
    if (length > DIGITS || Number.isNaN(value)) this.plain = false;
    else if (field === KEY) this.key = value;
    else if (field === TOTAL) this.totalUs = value;
  }
}

/** Fields whose number is none are not known. */
export function withoutOddNumbers(fields: string): string {
  return fields
    .split(';')
    .map((value, i) => (IS_NUMBER[i] === true && !/^\d{1,15}$/.test(value) ? '' : value))
    .join(';');
}
