import { basename, extname } from 'node:path';
import { ToolError, UsageError } from '../../base/errors.ts';
import { movedPath } from '../../base/moved-path.ts';
import type { HandlerSource, OwnHandlers } from '../../model/own-handler.ts';
import type { Backend, Checkout } from '../../model/ports.ts';
import type { LoadOperation } from '../../model/scenario.ts';
import type { Warning } from '../../model/warning.ts';

export interface OwnBackend extends Backend {
  /** What is odd in the user's files: for the run to keep. */
  readonly warnings: readonly Warning[];
}

/** The data set's part of a cell's id, which is a function's name locally: 64 characters in all. */
const DATASET_LENGTH = 16;

/**
 * The backend of the user's own handlers: nothing is started, operations and variables are the
 * user's. Reads and checks all their files. Throws UsageError naming the setting, the file and the
 * line of all that is wrong.
 */
export async function createOwnBackend(own: OwnHandlers): Promise<OwnBackend> {
  const [{ readOperations }, { checkOperations, readSchema }, { readFeeds }] = await Promise.all([
    import('./documents/read.ts'),
    import('./documents/schema.ts'),
    import('./variables/read.ts'),
  ]);
  const { named } = own;
  const schema = own.schema === null ? null : readSchema(own.schema, named.schema);
  const operations = readOperations(own.operations, named.operations);
  checkOperations(operations, schema, named.operations);
  const { feeds, warnings } = readFeeds(own.variables, operations, schema, named.variables);
  const load = operations.map(({ name, query, origin }, index): LoadOperation => {
    const { rows = [], expected } = feeds[index] ?? {};
    const known = expected === undefined ? {} : { expected };
    return { name, query, weight: 1, rows, origin: { ...origin, ...known } };
  });
  return {
    name: 'own',
    servers: own.handlers.map(({ name }) => name),
    datasets: [datasetOf(own.operations)],
    variants: [],
    dataLayers: [],
    batching: [false],
    operations: load.map(({ name, weight }) => ({ name, weight })),
    warnings,
    instanceKey: () => 'own',
    start: async () => ({
      environment: () => ({ ...own.environment }),
      cpuUs: () => 0,
      stop: async () => {},
    }),
    async bundle(endpoint, folder, checkout) {
      const handler = own.handlers.find(({ name }) => name === endpoint.server);
      if (handler === undefined) {
        const names = own.handlers.map(({ name }) => name).join(', ');
        throw new UsageError(`--server: there is no handler "${endpoint.server}" among ${names}`);
      }
      const { ownArtifact } = await import('./own-artifact.ts');
      const { base } = handler;
      if (endpoint.revision === 'base' && base !== undefined) {
        return await ownArtifact(base, endpoint, folder, '--base-handler');
      }
      const code = checkout === undefined ? handler : inCheckout(handler, checkout);
      return await ownArtifact(code, endpoint, folder, named.handler);
    },
    feeds: async () => load,
  };
}

/** The same file of another revision. */
function inCheckout(handler: HandlerSource, checkout: Checkout): HandlerSource {
  const file = movedPath(handler.file, checkout);
  // Head's own file would make both sides the same.
  if (file === null) throw new ToolError(`${handler.file} is not below ${checkout.from}`);
  return { ...handler, file };
}

/** What the operations are called, in letters a folder and a function may be named with. */
function datasetOf(path: string): string {
  const safe = basename(path, extname(path)).replaceAll(/[^A-Za-z0-9_]+/g, '-');
  return (
    safe.replaceAll(/^-+/g, '').slice(0, DATASET_LENGTH).replaceAll(/-+$/g, '') || 'operations'
  );
}
