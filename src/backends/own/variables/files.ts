import { basename, extname, join } from 'node:path';
import { UsageError } from '../../../base/errors.ts';
import type { OwnOperation } from '../documents/read.ts';
import { namesIn } from '../text-file.ts';

export const VARIABLES_FLAG = '--variables';

/** Which file holds the rows of an operation. */
export interface VariableFiles {
  /** One file for every operation. */
  shared: boolean;
  of(operation: string): string | undefined;
  /** Files that belong to no operation. */
  others: string[];
}

const EXTENSIONS = ['.csv', '.json'];

/** Throws UsageError where there is no such file or folder, or two files for one operation. */
export function filesOf(path: string, operations: readonly OwnOperation[]): VariableFiles {
  const names = namesIn(path, VARIABLES_FLAG);
  if (names === null) {
    if (!EXTENSIONS.includes(extname(path)))
      throw new UsageError(`${VARIABLES_FLAG}: ${path} is not a .csv or .json file`);
    return { shared: true, of: () => path, others: [] };
  }
  const byName = new Map<string, string>();
  for (const name of names) {
    if (!EXTENSIONS.includes(extname(name))) continue;
    const operation = basename(name, extname(name));
    const other = byName.get(operation);
    if (other !== undefined) {
      throw new UsageError(`${VARIABLES_FLAG}: both ${other} and ${name} in ${path}; keep one`);
    }
    byName.set(operation, name);
  }
  const others = [...byName].filter(([name]) => !operations.some((one) => one.name === name));
  return {
    shared: false,
    of: (operation) => {
      const name = byName.get(operation);
      return name === undefined ? undefined : join(path, name);
    },
    others: others.map(([, name]) => join(path, name)),
  };
}
