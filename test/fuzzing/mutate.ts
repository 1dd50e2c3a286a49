import type { seededRandom } from '../../src/base/random.ts';

export type Random = ReturnType<typeof seededRandom>;

export const below = (random: Random, count: number): number => Math.floor(random() * count);
export const pick = <T>(random: Random, values: readonly T[]): T =>
  values[below(random, values.length)] as T;

/** What parsers stumble over. */
const PIECES = [
  ...['\r\n', '\n', '\r\n\r\n', '\0', ' ', '\t', '%', '%00', '%zz', '%ff%fe', '..', '//', '?', '#'],
  ...['{', '[', '"', '\\', '\\u0000', '\\ud800', 'null', '1e999', '-1', '99999999999999999999'],
  ...['Content-Length: -1\r\n', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n'],
  ...['Transfer-Encoding: gzip, chunked\r\n', 'Expect: 100-continue\r\n', 'Connection: close\r\n'],
  ...['Host: evil.example\r\n', 'Cookie: a=b; c\r\n', 'X-Amzn-Trace-Id: Root=;;=;Sampled=2\r\n'],
  ...['ffffffffff\r\n', '0\r\n\r\n', 'HTTP/1.0', 'HTTP/9.9', '__proto__', 'constructor', '\u00e9'],
];

/** One to four changes of some bytes, at times the loss of all that follow. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let left = 1 + below(random, 4); left > 0; left -= 1) {
    const at = below(random, result.length + 1);
    const length = below(random, Math.min(64, result.length - at + 1));
    const before = result.subarray(0, at);
    const after = result.subarray(at + length);
    switch (below(random, 5)) {
      case 0:
        if (at < result.length) result[at] = below(random, 256);
        break;
      case 1:
        result = Buffer.concat([before, after]);
        break;
      case 2:
        result = Buffer.concat([before, Buffer.from(pick(random, PIECES)), result.subarray(at)]);
        break;
      case 3:
        result = Buffer.concat([before, result.subarray(at, at + length), result.subarray(at)]);
        break;
      default:
        result = Buffer.concat([before, Buffer.alloc(below(random, 3000), 'A'), after]);
    }
  }
  return random() < 0.05 ? result.subarray(0, below(random, result.length + 1)) : result;
}

const NAMES = [
  'FunctionName',
  'Qualifier',
  'Name',
  'TraceIds',
  'StartTime',
  'NextToken',
  '__proto__',
];

/** A JSON value of any kind, at times deep, long or out of range. */
export function anyJson(random: Random, depth = 0): unknown {
  switch (below(random, depth > 4 ? 6 : 10)) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return pick(random, [0, -1, 1.5, 1e21, -1e308, 2 ** 53, 4, 1_700_000_000, 1_700_000_000_000]);
    case 3:
      return pick(random, PIECES);
    case 4:
      return 'x'.repeat(below(random, 300));
    case 5:
      return pick(random, ['f', '$LATEST', '1', 'live', '/aws/lambda/fuzzed', 'AWS/Lambda', 'Sum']);
    case 6:
    case 7:
      return Array.from({ length: below(random, 6) }, () => anyJson(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: below(random, 5) }, () => [
          pick(random, [...NAMES, ...PIECES]),
          anyJson(random, depth + 1),
        ]),
      );
  }
}

/** A valid document with some of its values, at any depth, replaced, removed or added. */
export function bentJson(random: Random, value: unknown): unknown {
  if (random() < 0.15) return anyJson(random);
  if (Array.isArray(value)) {
    const bent = value.map((each) => bentJson(random, each));
    return random() < 0.2 ? [...bent, ...bent] : bent;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(() => random() > 0.1);
  if (random() < 0.1) entries.push([pick(random, NAMES), anyJson(random)]);
  return Object.fromEntries(entries.map(([name, each]) => [name, bentJson(random, each)]));
}
