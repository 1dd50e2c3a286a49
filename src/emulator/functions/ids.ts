import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let at = pool.length;

/** `bytes` random bytes as hex; drawn from a pool, as several are needed per invocation. */
export function randomHex(bytes: number): string {
  if (at + bytes > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const hex = pool.toString('hex', at, at + bytes);
  at += bytes;
  return hex;
}

/** `2026/11/20/[$LATEST]<32 hex>` */
export function newLogStream(atUs: number): string {
  const day = new Date(atUs / 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomHex(16)}`;
}
