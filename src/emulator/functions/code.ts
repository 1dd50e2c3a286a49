import { createHash, type Hash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { errnoOf, ToolError, UsageError } from '../../base/errors.ts';
import { diskError } from '../disk-error.ts';
import type { FunctionConfiguration, FunctionSpec } from '../types.ts';

/** The user environments run as when we are root; it must exist, as programs look up their name. */
export const UNPRIVILEGED_UID = 65_534;

/** How to start Node in an environment. */
export interface NodeRuntime {
  command: string;
  bootstrap: string;
  /** Open descriptors the command needs, from 4 on. */
  descriptors: number[];
}

/**
 * Puts our bootstrap where environments can read it and finds a way to start this Node: its binary
 * may lie below a folder that the unprivileged user cannot enter, so that user gets it as an open
 * descriptor.
 */
export function prepareNode(folder: string, uid: number | undefined): NodeRuntime {
  const target = join(folder, 'bootstrap');
  try {
    copyBootstrap(target);
  } catch (error) {
    throw diskError(`write the runtime of environments to ${target}`, error);
  }
  const bootstrap = join(target, 'nodejs.mjs');
  if (uid === undefined) return { command: process.execPath, bootstrap, descriptors: [] };
  const binary = openSync(process.execPath, 'r');
  return { command: '/proc/self/fd/4', bootstrap, descriptors: [binary] };
}

/** As modules whatever package.json lies above them, without types. */
function copyBootstrap(target: string): void {
  mkdirSync(target, { mode: 0o755 });
  const source = join(import.meta.dirname, '../bootstrap');
  for (const file of readdirSync(source)) {
    if (!/^[a-z]+\.[jt]s$/.test(file)) continue;
    const copy = join(target, file.replace(/\.[jt]s$/, '.mjs'));
    const text = readFileSync(join(source, file), 'utf8');
    const code = file.endsWith('.ts') ? withoutTypes(text) : text;
    writeFileSync(copy, code.replaceAll(/(from '\.\/[a-z]+)\.[jt]s'/g, "$1.mjs'"), { mode: 0o444 });
    chmodSync(copy, 0o444);
  }
  chmodSync(target, 0o755);
}

/** Only in the clone, where the source is TypeScript. */
function withoutTypes(text: string): string {
  // The function warns that it is new.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Only we, and the user environments run as, may enter: the code below may hold secrets. */
export function closeToOthers(folder: string, uid: number | undefined): void {
  if (uid !== undefined) chownSync(folder, 0, uid);
  chmodSync(folder, uid === undefined ? 0o700 : 0o710);
}

/** Copies a function's code to a task root that environments may read and not write. */
export async function copyCode(spec: FunctionSpec, taskRoot: string): Promise<void> {
  try {
    await cp(spec.codeFolder, taskRoot, { recursive: true, dereference: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      throw new UsageError(
        `the code folder of function ${spec.name} does not exist: ${spec.codeFolder}`,
      );
    }
    throw diskError(`copy the code of function ${spec.name} to ${taskRoot}`, error);
  }
  await makeReadable(taskRoot);
  const executable = !spec.runtime.startsWith('nodejs');
  const { file } = spec.handler;
  const candidates =
    executable || /\.[cm]?js$/.test(file) ? [file] : ['.js', '.mjs', '.cjs'].map((e) => file + e);
  const found = candidates.map((name) => join(taskRoot, name)).find(isFile);
  if (found === undefined) {
    throw new UsageError(
      `the handler of function ${spec.name} does not exist: ${file} in ${spec.codeFolder}`,
    );
  }
  if (!executable) return;
  try {
    accessSync(found, constants.X_OK);
  } catch {
    throw new UsageError(
      `the handler of function ${spec.name} is not executable: ${file} (chmod +x)`,
    );
  }
}

/**
 * Lambda tells the digest and the size of the ZIP file it was given. There is none here: the digest is of
 * every file's path, whether it may be executed, and content, in the order of their paths, so the same
 * code has the same; the size is that of the files.
 */
export async function codeFacts(
  taskRoot: string,
): Promise<Pick<FunctionConfiguration, 'codeSha256' | 'codeBytes'>> {
  const hash = createHash('sha256');
  const codeBytes = await addFiles(hash, taskRoot, '');
  return { codeSha256: hash.digest('base64'), codeBytes };
}

async function addFiles(hash: Hash, folder: string, within: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const name = `${within}${entry.name}`;
    if (entry.isDirectory()) {
      bytes += await addFiles(hash, path, `${name}/`);
      continue;
    }
    const { size, mode } = await stat(path);
    hash.update(`${JSON.stringify([name, (mode & 0o100) !== 0, size])}\n`);
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    bytes += size;
  }
  return bytes;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Read for all, and enter or execute where the owner may. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o444 : 0o555);
  }
}

/** A writable folder for one environment. */
export async function makeHome(folder: string, uid: number | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (uid !== undefined) await chown(folder, uid, uid);
}

/**
 * Whether the unprivileged user can reach a folder: every folder above must let others through.
 * @throws ToolError naming the folder that does not
 */
export function checkReachable(folder: string): void {
  for (let above = dirname(folder); ; above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) {
      throw new ToolError(
        `environments run as an unprivileged user, who cannot enter ${above}: set TMPDIR to a folder that is open to all, such as /tmp`,
      );
    }
    if (above === dirname(above)) return;
  }
}
