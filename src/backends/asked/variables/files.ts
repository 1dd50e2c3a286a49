import { basename, extname, join } from 'node:path';
import { UsageError } from '../../../base/errors.ts';
import type { OwnOperation } from '../documents/read.ts';
import { namesIn } from '../text-file.ts';

/** Which file holds the rows of an operation. */
export interface VariableFiles {
  /** One file for every operation. */
  shared: boolean;
  of(operation: string): string | undefined;
  /** Files that belong to no operation. */
  others: string[];
}

/** Whatever the case: some systems write USERS.CSV. */
function isTable(name: string): boolean {
  return ['.csv', '.json'].includes(extname(name).toLowerCase());
}

/** Throws UsageError where there is no such file or folder, or two files for one operation. */
export function filesOf(
  path: string,
  operations: readonly OwnOperation[],
  named: string,
): VariableFiles {
  const names = namesIn(path, named);
  if (names === null) {
    if (!isTable(path)) throw new UsageError(`${named}: ${path} is not a .csv or .json file`);
    return { shared: true, of: () => path, others: [] };
  }
  const byName = new Map<string, string>();
  for (const name of names) {
    if (!isTable(name)) continue;
    const operation = basename(name, extname(name));
    const other = byName.get(operation);
    if (other !== undefined) {
      throw new UsageError(`${named}: both ${other} and ${name} in ${path}; keep one`);
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
