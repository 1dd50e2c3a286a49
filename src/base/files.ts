import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ZodType } from 'zod';
import { errnoOf, messageOf, ToolError, UsageError } from './errors.ts';

/** Turns what the file system says into what the user can do; anything else stays as it is. */
export function fileError(error: unknown, action: string, path: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UsageError(`cannot ${action} ${path}: the disk is full; free some space there`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UsageError(`cannot ${action} ${path}: not permitted; choose another folder`);
    case 'ENOTDIR':
    case 'EEXIST':
      return new UsageError(`cannot ${action} ${path}: a file stands where a folder is needed`);
    case 'ENOENT':
      return new UsageError(`cannot ${action} ${path}: its folder does not exist`);
    case 'EISDIR':
      return new UsageError(`cannot ${action} ${path}: it is a folder; name a file`);
    case 'ELOOP':
      return new UsageError(`cannot ${action} ${path}: its links lead in a circle`);
    case 'ENAMETOOLONG':
      return new UsageError(`cannot ${action} ${path}: the path is too long`);
    default:
      return error;
  }
}

/** Writes the whole file or leaves what was there: to a temporary name beside it, then renamed. */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

/**
 * Makes a folder and those above it, one by one: mkdir's own `recursive` never returns where a file
 * system answers ENOENT for a folder it does not want (/proc on Node 24).
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    throw fileError(error, 'make', path);
  }
}

/** Removes a file where there is one. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw fileError(error, 'remove', path);
  }
}

export function writeJson(path: string, value: unknown): void {
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Reads and checks a JSON file of ours. Throws ToolError naming the file and the first bad field. */
export function readJson<T>(path: string, schema: ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ToolError(`${path} cannot be read: ${messageOf(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field =
    issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
  throw new ToolError(`${path} is damaged or of another version: ${field}: ${issue?.message}`);
}
