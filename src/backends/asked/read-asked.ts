import { basename, extname } from 'node:path';
import type { OwnHandlers } from '../../model/own-handler.ts';
import type { LoadOperation } from '../../model/scenario.ts';
import type { Warning } from '../../model/warning.ts';

/** Files of the user's that say what is asked, by the settings that name them. */
interface AskedFiles extends Pick<OwnHandlers, 'operations' | 'variables' | 'schema'> {
  named: Record<'operations' | 'variables' | 'schema', string>;
}

interface Asked {
  load: LoadOperation[];
  /** What the operations are called, in letters a folder and a function may be named with. */
  dataset: string;
  /** What is odd in the files: for the run to keep. */
  warnings: readonly Warning[];
}

/** The data set's part of a cell's id, which is a function's name locally: 64 characters in all. */
const DATASET_LENGTH = 16;

/**
 * Reads and checks what an API of the user's is asked. Throws UsageError naming the setting, the file
 * and the line of all that is wrong.
 */
export async function readAsked(files: AskedFiles): Promise<Asked> {
  const [{ readOperations }, { checkOperations, readSchema }, { readFeeds }] = await Promise.all([
    import('./documents/read.ts'),
    import('./documents/schema.ts'),
    import('./variables/read.ts'),
  ]);
  const { named } = files;
  const schema = files.schema === null ? null : readSchema(files.schema, named.schema);
  const operations = readOperations(files.operations, named.operations);
  checkOperations(operations, schema, named.operations);
  const { feeds, warnings } = readFeeds(files.variables, operations, schema, named.variables);
  const load = operations.map(({ name, query, origin }, index): LoadOperation => {
    const { rows = [], expected } = feeds[index] ?? {};
    const known = expected === undefined ? {} : { expected };
    return { name, query, weight: 1, rows, origin: { ...origin, ...known } };
  });
  return { load, dataset: datasetOf(files.operations), warnings };
}

function datasetOf(path: string): string {
  const safe = basename(path, extname(path)).replaceAll(/[^A-Za-z0-9_]+/g, '-');
  return (
    safe.replaceAll(/^-+/g, '').slice(0, DATASET_LENGTH).replaceAll(/-+$/g, '') || 'operations'
  );
}
