/**
 * Gets cfn-lint, moto and AWS's runtime client of Python (python-tools.txt), for tests only, into a
 * virtual environment in the cache folder, once. Where that cannot be: one line that says so, and
 * exit code 0, as those tests are then skipped; 1 where BENCH_PYTHON=required.
 *   node scripts/get-python-tools.ts
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf } from '../src/base/errors.ts';
import { findPython, PYTHON_TOOLS, type Python, pythonFolder } from './python-folder.ts';

let running: ChildProcess | null = null;
let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    interrupted = true;
    running?.kill('SIGKILL');
  });
}

const python = findPython();
const missing = typeof python === 'string' ? python : await install(python);
if (interrupted) process.exitCode = 130;
else if (missing !== null) {
  const required = process.env.BENCH_PYTHON === 'required';
  console.error(
    `tests with cfn-lint and moto ${required ? 'cannot run' : 'are skipped'}: ${missing}`,
  );
  process.exitCode = required ? 1 : 0;
}

/** null: they are there. */
async function install(python: Python): Promise<string | null> {
  const folder = pythonFolder(python);
  if (existsSync(folder)) return null;
  let own: string | null = null;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    // Scripts of a virtual environment hold its path, so it is made where it stays, and a link says
    // that it is whole.
    own = mkdtempSync(`${folder}-`);
    await run(python.path, ['-m', 'venv', own]);
    await run(`${own}/bin/python`, [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'],
      // Compiling all of it takes longer than what is imported is worth.
      ...['--no-compile', '--retries', '1', '--timeout', '15', '-r', PYTHON_TOOLS],
    ]);
    symlinkSync(basename(own), `${own}.link`);
    renameSync(`${own}.link`, folder);
    return null;
  } catch (error) {
    if (own !== null) rmSync(own, { recursive: true, force: true });
    return messageOf(error);
  }
}

async function run(command: string, args: string[]): Promise<void> {
  if (interrupted) throw new Error('interrupted');
  running = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  running.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  const [code] = await once(running, 'close');
  if (code === 0) return;
  const last = said.trim().split('\n').at(-1) ?? '';
  throw new Error(`${args.slice(0, 3).join(' ')} failed: ${last}`);
}
