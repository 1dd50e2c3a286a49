import { extname, join } from 'node:path';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';

/** Beside this file, as TypeScript in the clone and as JavaScript in the package. */
const SERVER = join(import.meta.dirname, `server${extname(import.meta.filename)}`);

/** Starts dynalite as a process of its own. Throws ToolError where it does not come up. */
export function startDynalite(options: {
  supervisor: Supervisor;
  /** Where its LevelDB lies; in memory where it is left out. */
  folder?: string;
  /** The program of the process. @default SERVER */
  entry?: string;
}): Promise<ServerProcess> {
  const { supervisor, folder, entry = SERVER } = options;
  return startServerProcess({
    supervisor,
    name: 'the database dynalite',
    entry,
    env: {
      AWS_REGION: 'us-east-1',
      // LevelDB's calls are short and many: more threads only get in each other's way, for a fifth
      // more CPU a written item.
      UV_THREADPOOL_SIZE: '1',
      ...(folder !== undefined && { DYNALITE_FOLDER: folder }),
    },
  });
}
