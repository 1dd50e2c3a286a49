import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Of the clone, where sources are TypeScript, or of what tsc made of it. */
const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Names content by what makes it, 16 hex digits: any change of the sources or of the versions gives
 * another name. Sources are paths from the project's folder without their ending.
 */
export function contentKey(made: { by: readonly string[]; versions: readonly string[] }): string {
  const hash = createHash('sha256').update(JSON.stringify(made.versions));
  for (const source of made.by) {
    hash.update('\0').update(readFileSync(join(ROOT, `${source}${extname(import.meta.filename)}`)));
  }
  return hash.digest('hex').slice(0, 16);
}
