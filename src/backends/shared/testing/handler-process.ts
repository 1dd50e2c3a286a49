import { once } from 'node:events';
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
  /** What it wrote to stderr, all of it once it was stopped. */
  said(): string;
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
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const { stdin, stdout, stderr } = server.child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('no pipes');
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const silent = once(stderr, 'close');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) {
      await silent;
      throw new Error(`the handler process ended: ${said}`);
    }
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
      await Promise.all([server.ended, silent]);
    },
    said: () => said,
  };
}
