import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * Where a path below `from` lies below `to`; null where it does not lie below `from`. A path through a
 * link to `from` counts as below it; links within are left, since the other folder may have others.
 */
export function movedPath(path: string, { from, to }: { from: string; to: string }): string | null {
  const inside = below(from, path) ?? below(from, join(realFolder(dirname(path)), basename(path)));
  return inside === null ? null : join(to, inside);
}

/** The way from one folder to what is below it; null where it is not. */
function below(folder: string, path: string): string | null {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way;
}

/** What part of it exists with all links followed; the rest as it is. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(realFolder(above), basename(folder));
  }
}
