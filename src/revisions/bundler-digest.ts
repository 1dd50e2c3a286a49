import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../base/package-root.ts';

let digest: string | undefined;

/**
 * What turns sources into an artifact: the version of bench with the versions it depends on, and the
 * code that bundles, which changes between two versions where bench itself is worked on.
 */
export function bundlerDigest(): string {
  if (digest !== undefined) return digest;
  const hash = createHash('sha256');
  hash.update(readFileSync(join(packageRoot(), 'package.json')));
  for (const name of ['shared', 'own']) {
    const folder = join(import.meta.dirname, '..', 'backends', name);
    const sources = readdirSync(folder).filter((file) => /(?<!\.test|\.d)\.[jt]s$/.test(file));
    for (const file of sources.toSorted()) hash.update(readFileSync(join(folder, file)));
  }
  digest = hash.digest('hex');
  return digest;
}
