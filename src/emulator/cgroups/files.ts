import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a control file, or '' where it cannot be read: a group may end while it is read. */
export function readControl(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return '';
  }
}

/** A control file that is one number; 0 where it cannot be read. */
export function readNumber(folder: string, file: string): number {
  return Number.parseInt(readControl(folder, file), 10) || 0;
}

/** A field of a file of `name value` lines; 0 where it is absent. */
export function readField(folder: string, file: string, field: string): number {
  for (const line of readControl(folder, file).split('\n')) {
    const [name, value] = line.split(' ');
    if (name === field) return Number(value) || 0;
  }
  return 0;
}

export function writeControl(folder: string, file: string, value: string | number): void {
  writeFileSync(join(folder, file), String(value));
}

/** For a group whose processes may just have gone: the write may come too late. */
export function tryWriteControl(folder: string, file: string, value: string | number): boolean {
  try {
    writeControl(folder, file, value);
    return true;
  } catch {
    return false;
  }
}

export function readIds(folder: string, file: string): number[] {
  return readControl(folder, file).split('\n').filter(Boolean).map(Number);
}
