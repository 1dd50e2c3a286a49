import { createHash } from 'node:crypto';

/** Lambda's limit. */
const LONGEST = 64;
const DIGEST_LENGTH = 8;

/** A cell's id as the name of its function: a long one is cut and ends in a digest of the whole. */
export function functionNameOf(cellId: string): string {
  if (cellId.length <= LONGEST) return cellId;
  const digest = createHash('sha256').update(cellId).digest('hex').slice(0, DIGEST_LENGTH);
  return `${cellId.slice(0, LONGEST - DIGEST_LENGTH - 1)}-${digest}`;
}
