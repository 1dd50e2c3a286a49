import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: string | undefined;

/**
 * The folder of this package's package.json, in the clone (`src/base`) and as installed
 * (`dist/src/base`). Assets that are shipped as source (scenarios, deploy, reports, fixtures) are
 * read relative to it.
 */
export function packageRoot(): string {
  if (found !== undefined) return found;
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  found = folder;
  return folder;
}
