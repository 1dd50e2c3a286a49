import { createHash } from 'node:crypto';

/** SHA-256, hex. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const SHORT_DIGITS = 12;

/** The first 12 digits of one: enough to tell two apart, and short enough to be shown. */
export function shortened(sha256: string): string {
  return sha256.slice(0, SHORT_DIGITS);
}

export function shortSha256(text: string): string {
  return shortened(sha256Hex(text));
}
