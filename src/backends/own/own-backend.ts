import { ToolError, UsageError } from '../../base/errors.ts';
import { movedPath } from '../../base/moved-path.ts';
import type { HandlerSource, OwnHandlers } from '../../model/own-handler.ts';
import type { Backend, Checkout } from '../../model/ports.ts';
import type { Warning } from '../../model/warning.ts';
import { readAsked } from '../asked/read-asked.ts';

export interface OwnBackend extends Backend {
  /** What is odd in the user's files: for the run to keep. */
  readonly warnings: readonly Warning[];
}

/**
 * The backend of the user's own handlers: nothing is started, operations and variables are the
 * user's. Reads and checks all their files. Throws UsageError naming the setting, the file and the
 * line of all that is wrong.
 */
export async function createOwnBackend(own: OwnHandlers): Promise<OwnBackend> {
  const { named } = own;
  const { load, dataset, warnings } = await readAsked(own);
  return {
    name: 'own',
    servers: own.handlers.map(({ name }) => name),
    datasets: [dataset],
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
