import { createHash } from 'node:crypto';

/** SHA-256 of a text, hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const SHORT_DIGITS = 12;

/** Its first 12 digits: enough to tell two texts apart, and short enough to be shown. */
export function shortSha256(text: string): string {
  return sha256Hex(text).slice(0, SHORT_DIGITS);
}
