import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPython, pythonFolder } from '../scripts/python-folder.ts';
import { packageRoot } from '../src/base/package-root.ts';

/** AWS's runtime client of Python, which comes with scripts/python-tools.txt. */
export interface PythonClient {
  /** An interpreter that environments, whose user has no rights, can start. */
  interpreter: string;
  /** Where its packages are. */
  packages: string;
}

/**
 * null: it is not there, and tests with it are skipped.
 * @throws Error instead where BENCH_PYTHON=required, as in CI
 */
export function pythonClient(): PythonClient | null {
  const python = findPython();
  let missing = 'there is no Python';
  if (typeof python !== 'string') {
    const minor = python.version.split('.').slice(0, 2).join('.');
    const packages = join(pythonFolder(python), 'lib', `python${minor}`, 'site-packages');
    const interpreter = [python.path, '/usr/local/bin/python3', '/usr/bin/python3'].find(
      (path) => existsSync(path) && isOpen(path) && versionOf(path) === minor,
    );
    if (!existsSync(join(packages, 'awslambdaric')))
      missing = 'run node scripts/get-python-tools.ts';
    else if (interpreter === undefined) missing = `no Python ${minor} is open to all users`;
    else return { interpreter, packages };
  }
  if (process.env.BENCH_PYTHON !== 'required') return null;
  throw new Error(`awslambdaric is not there: ${missing}`);
}

/** Puts a handler of the client's into a folder: the fixture, and the client beside it. */
export function copyPythonHandlers(folder: string, { packages }: PythonClient): void {
  const fixture = join(packageRoot(), 'fixtures/handlers/life-cycle/python');
  cpSync(fixture, folder, { recursive: true });
  for (const name of readdirSync(packages)) {
    if (
      !/^(awslambdaric|simplejson|snapshot_restore_py(\.py)?|runtime_client\..*\.so)$/.test(name)
    ) {
      continue;
    }
    cpSync(join(packages, name), join(folder, name), { recursive: true });
  }
}

/** Whether environments can start it: they run as another user where we are root. */
function isOpen(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  for (let above = dirname(realpathSync(path)); ; above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) return false;
    if (above === dirname(above)) return true;
  }
}

function versionOf(interpreter: string): string {
  const asked = 'import sys; print("%d.%d" % sys.version_info[:2])';
  return spawnSync(interpreter, ['-I', '-c', asked], { encoding: 'utf8' }).stdout.trim();
}
