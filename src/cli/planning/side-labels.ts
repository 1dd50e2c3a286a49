import { isAbsolute, relative, sep } from 'node:path';

/**
 * What a verdict calls files, by how they were written: results hold no path of this machine. One that
 * was written from the working folder stays as it is; of others there are as many parts, from the end,
 * as tell the files apart.
 */
export function sideLabels(written: readonly string[], cwd: string): string[] {
  const labels = (parts: number) => written.map((path) => labelOf(path, cwd, parts));
  const most = Math.max(...written.map((path) => path.split(sep).length));
  for (let parts = 1; parts < most; parts += 1) {
    if (new Set(labels(parts)).size === written.length) return labels(parts);
  }
  return labels(1);
}

function labelOf(path: string, cwd: string, parts: number): string {
  if (!isAbsolute(path)) return path;
  const fromHere = relative(cwd, path);
  if (fromHere !== '..' && !fromHere.startsWith(`..${sep}`)) return fromHere;
  return path.split(sep).slice(-parts).join(sep);
}
