/**
 * A number in [0, 1) that depends on nothing but its arguments, so a trial draws the same requests
 * whichever virtual user gets the iteration. The mixing is that of Mulberry32.
 */
export function draw(seed: number, iteration: number): number {
  let state = (seed + Math.imul(iteration + 1, 0x6d2b79f5)) | 0;
  state = Math.imul(state ^ (state >>> 15), 1 | state);
  state = (state + Math.imul(state ^ (state >>> 7), 61 | state)) ^ state;
  return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
}

/**
 * Whether a request is among the `share` that is traced. A draw of its own by another mixing (the
 * finaliser of MurmurHash3): a second sequence of the one above would be the same one from elsewhere, and
 * so tell of the operations that were drawn.
 */
export function isSampled(seed: number, key: number, share: number): boolean {
  let state = Math.imul(key + 1, 0x9e3779b1) ^ Math.imul(seed, 0x7feb352d);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 4294967296 < share;
}

/** A part of [0, 1) that begins where the one before it ends. */
export interface Part {
  from: number;
  upTo: number;
}

/** The part a number falls into; the last one where rounding left a gap at the end. */
export function partAt<T extends Part>(parts: readonly T[], at: number): T {
  let index = 0;
  while (index < parts.length - 1 && at >= (parts[index] as T).upTo) index += 1;
  return parts[index] as T;
}

/** The same number again as an index below `count`: where within its part it fell. */
export function indexWithin(part: Part, at: number, count: number): number {
  return Math.min(count - 1, Math.floor(((at - part.from) / (part.upTo - part.from)) * count));
}
