import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8192;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Random lower-case hex of `bytes` bytes (at most 64), from a pool: one system call for hundreds. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += bytes;
  return pool.toString('hex', start, used);
}

/** The id of a segment or subsegment: 16 hex digits. */
export function newSpanId(): string {
  return randomHex(8);
}

/** A trace id: `1-<8 hex epoch seconds>-<24 hex>`. */
export function newTraceRoot(nowUs: number): string {
  const seconds = Math.floor(nowUs / 1e6);
  return `1-${seconds.toString(16).padStart(8, '0')}-${randomHex(12)}`;
}

/** The log stream of an environment of a version: `2026/11/20/[$LATEST]<32 hex>`. */
export function newLogStream(nowUs: number, version: string): string {
  const day = new Date(nowUs / 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomHex(16)}`;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits, as in the ids of APIs (10) and function URLs (32). */
export function randomName(length: number): string {
  let name = '';
  for (let i = 0; i < length; i += 1) {
    name += LETTERS[Number.parseInt(randomHex(2), 16) % LETTERS.length];
  }
  return name;
}
