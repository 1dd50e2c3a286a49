import { readFileSync, statSync } from 'node:fs';
import { chown, cp, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { Installation } from './find-postgres.ts';

/**
 * PostgreSQL refuses to run as root. A number that no account has, and not that of environments
 * (src/emulator/functions/code.ts): handlers must not reach the data but through the database.
 */
const SERVER_UID = 65_530;
const NOBODY_UID = 65_534;

/** Who PostgreSQL runs as; undefined: as we do. */
export function serverUid(): number | undefined {
  return process.getuid?.() === 0 ? SERVER_UID : undefined;
}

/**
 * Who initdb runs as: unlike the server it insists on an account with a name. What it made is given
 * to the server afterwards.
 */
export function initdbUid(): number | undefined {
  if (serverUid() === undefined) return undefined;
  const uids = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => Number(line.split(':')[2] || Number.NaN))
    .filter((uid) => uid > 0);
  const uid = uids.find((one) => one === NOBODY_UID) ?? uids[0];
  if (uid !== undefined) return uid;
  throw new UsageError(
    'PostgreSQL refuses to run as root, and /etc/passwd names no other user: run as another user, or name a PostgreSQL of yours with --postgres-url',
  );
}

/** Gives a folder and all that is in it to a user. */
export async function giveTo(folder: string, uid: number | undefined): Promise<void> {
  if (uid === undefined) return;
  await chown(folder, uid, uid);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  await Promise.all(entries.map(({ parentPath, name }) => chown(join(parentPath, name), uid, uid)));
}

/** The installation, or a temporary copy of it where the server's user could not enter its folder. */
export async function reachable(
  installation: Installation,
  supervisor: Supervisor,
): Promise<Installation> {
  if (serverUid() === undefined || openToOthers(installation.bin)) return installation;
  const folder = supervisor.ownFolder('bench-postgres-programs');
  await cp(dirname(installation.bin), folder, { recursive: true, verbatimSymlinks: true });
  return { ...installation, bin: join(folder, 'bin') };
}

function openToOthers(folder: string): boolean {
  const open = (statSync(folder).mode & 0o001) !== 0;
  return folder === dirname(folder) ? open : open && openToOthers(dirname(folder));
}
