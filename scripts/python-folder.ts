import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../src/base/cache.ts';

export const PYTHON_TOOLS = join(import.meta.dirname, 'python-tools.txt');
/** What cfn-lint and moto of these versions need. */
const OLDEST_MINOR = 10;

export interface Python {
  path: string;
  /** `3.11.7` */
  version: string;
}

/** The `python3` of PATH; why not, where there is none that is new enough. */
export function findPython(): Python | string {
  const asked = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';
  const { status, stdout } = spawnSync('python3', ['-I', '-c', asked], { encoding: 'utf8' });
  const [path, version] = (stdout ?? '').trim().split('\n');
  if (status !== 0 || !path || !version) return 'there is no python3 on PATH';
  const [major, minor] = version.split('.').map(Number);
  return major === 3 && minor !== undefined && minor >= OLDEST_MINOR
    ? { path, version }
    : `python3 is ${version}, 3.${OLDEST_MINOR} or newer is needed`;
}

/** Where the tools are kept for this Python and these pins; it may not exist yet. */
export function pythonFolder(python: Python): string {
  const key = createHash('sha256')
    .update(readFileSync(PYTHON_TOOLS))
    .update(`\0${python.path}\0${python.version}`)
    .digest('hex');
  return join(cacheFolder(process.env), `python-${python.version}-${key.slice(0, 12)}`);
}
