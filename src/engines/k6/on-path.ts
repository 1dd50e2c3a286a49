import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Every executable of that name in the absolute folders of PATH, first one first. */
export function executablesOnPath(name: string, env: Record<string, string | undefined>): string[] {
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(isExecutableFile);
}
