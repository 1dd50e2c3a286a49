import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import type { HandlerArtifact } from '../../../model/ports.ts';

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** A bundled handler in a process of its own, invoked without a front. */
export interface HandlerProcess {
  loadMs: number;
  invoke(event: object, traceHeader?: string): Promise<{ answer: Answer; ms: number }>;
  stop(): Promise<void>;
}

export async function startHandler(
  supervisor: Supervisor,
  artifact: HandlerArtifact,
  environment: Record<string, string>,
): Promise<HandlerProcess> {
  const server = supervisor.spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'invoke-loop.ts'),
      join(artifact.folder, artifact.file),
      artifact.exportName,
    ],
    {
      cwd: '/',
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const { stdin, stdout } = server.child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the handler process ended');
    return JSON.parse(value);
  };
  const { loadMs } = (await nextLine()) as { loadMs: number };
  return {
    loadMs,
    async invoke(event, traceHeader) {
      stdin.write(`${JSON.stringify({ event, traceHeader })}\n`);
      return (await nextLine()) as { answer: Answer; ms: number };
    },
    async stop() {
      server.signal('SIGKILL');
      await server.ended;
    },
  };
}
