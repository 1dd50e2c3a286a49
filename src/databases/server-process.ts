import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ToolError } from '../base/errors.ts';
import type { SupervisedProcess, Supervisor } from '../base/processes/supervisor.ts';

/** A server of ours in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:port` */
  endpoint: string;
  pid: number;
  /** Resolves when it ends without `stop`, with what it said last; never rejects. */
  ended: Promise<ToolError>;
  /** SIGTERM lets it put its files to rest; SIGKILL does not wait. @default SIGKILL */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const announcementSchema = z.object({ port: z.int().min(1).max(65_535) });
/** Enough for the message and the stack of a crash of Node. */
const STDERR_LINES_KEPT = 20;

/**
 * Starts a program of Node whose first and only line on stdout is `{"port":…}`. Throws ToolError
 * where it does not come up.
 */
export async function startServerProcess(options: {
  supervisor: Supervisor;
  /** For messages: `the database dynalite`. */
  name: string;
  /** The program. */
  entry: string;
  /** Besides PATH. Secrets go this way: others can read a command line. */
  env: Record<string, string>;
}): Promise<ServerProcess> {
  const { supervisor, name, entry } = options;
  const server = supervisor.spawn(process.execPath, [entry], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopping = false;
  const lastWords = keepLastLines(server);
  const over = server.ended.then(async (how) => {
    const cause = typeof how === 'number' ? `exit code ${how}` : how;
    return new ToolError(`${name} ended by itself (${cause})${await lastWords()}`);
  });
  const announced = await Promise.race([firstLine(server), over]);
  if (announced instanceof ToolError) throw announced;
  const port = portOf(announced);
  if (port === null) {
    stopping = true;
    server.signal('SIGKILL');
    throw new ToolError(`${name} did not come up; it said: ${announced}`);
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: server.pid,
    ended: new Promise((resolve) => {
      void over.then((error) => {
        if (!stopping) resolve(error);
      });
    }),
    async stop(signal = 'SIGKILL') {
      stopping = true;
      server.signal(signal);
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
  if (child.stdout === null) throw new Error('the server was started without a pipe');
  const lines = createInterface({ input: child.stdout });
  // Without a line its end is told by `ended`.
  return new Promise((resolve) => lines.once('line', resolve));
}

/** The end of what it wrote to stderr, once that is closed. */
function keepLastLines({ child }: SupervisedProcess): () => Promise<string> {
  if (child.stderr === null) throw new Error('the server was started without a pipe');
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
