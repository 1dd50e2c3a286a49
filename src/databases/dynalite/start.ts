import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ToolError } from '../../base/errors.ts';
import type { SupervisedProcess, Supervisor } from '../../base/processes/supervisor.ts';

/** A running DynamoDB on dynalite. */
export interface Dynalite {
  /** `http://127.0.0.1:port` */
  endpoint: string;
  pid: number;
  /** Resolves when it ends without `stop`, with what it said last; never rejects. */
  ended: Promise<ToolError>;
  stop(): Promise<void>;
}

const announcementSchema = z.object({ port: z.int().min(1).max(65_535) });
/** Enough for the message and the stack of a crash of Node. */
const STDERR_LINES_KEPT = 20;

/** Beside this file, as TypeScript in the clone and as JavaScript in the package. */
const SERVER = join(import.meta.dirname, `server${extname(import.meta.filename)}`);

/** Starts dynalite as a process of its own. Throws ToolError where it does not come up. */
export async function startDynalite(options: {
  supervisor: Supervisor;
  /** The program of the process. @default SERVER */
  entry?: string;
}): Promise<Dynalite> {
  const { supervisor, entry = SERVER } = options;
  const server = supervisor.spawn(process.execPath, [entry], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', AWS_REGION: 'us-east-1', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopping = false;
  const lastWords = keepLastLines(server);
  const over = server.ended.then(async (how) => {
    const cause = typeof how === 'number' ? `exit code ${how}` : how;
    return new ToolError(`the database dynalite ended by itself (${cause})${await lastWords()}`);
  });
  const announced = await Promise.race([firstLine(server), over]);
  if (announced instanceof ToolError) throw announced;
  const port = portOf(announced);
  if (port === null) {
    stopping = true;
    server.signal('SIGKILL');
    throw new ToolError(`the database dynalite did not come up; it said: ${announced}`);
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: server.pid,
    ended: new Promise((resolve) => {
      void over.then((error) => {
        if (!stopping) resolve(error);
      });
    }),
    async stop() {
      stopping = true;
      server.signal('SIGKILL');
      await server.ended;
    },
  };
}

/** Of its first line; null where that is something else. */
function portOf(announced: string): number | null {
  try {
    return announcementSchema.parse(JSON.parse(announced)).port;
  } catch {
    return null;
  }
}

function firstLine({ child }: SupervisedProcess): Promise<string> {
  if (child.stdout === null) throw new Error('dynalite was started without a pipe');
  const lines = createInterface({ input: child.stdout });
  // Without a line its end is told by `ended`.
  return new Promise((resolve) => lines.once('line', resolve));
}

/** The end of what it wrote to stderr, once that is closed. */
function keepLastLines({ child }: SupervisedProcess): () => Promise<string> {
  if (child.stderr === null) throw new Error('dynalite was started without a pipe');
  const kept: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    kept.push(line);
    if (kept.length > STDERR_LINES_KEPT) kept.shift();
  });
  const closed = new Promise<void>((resolve) => lines.once('close', resolve));
  return async () => {
    await closed;
    return kept.length === 0 ? '' : `:\n${kept.join('\n')}`;
  };
}
