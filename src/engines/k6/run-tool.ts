import type { Supervisor } from '../../base/processes/supervisor.ts';

/** The end of what a tool printed; more is of no use in a message. */
const OUTPUT_LIMIT = 64 * 1024;

export interface ToolAnswer {
  /** Exit code or signal; `timeout` where it was ended for being late. */
  ended: number | string;
  /** The end of stdout and stderr as they came, at most 64 KiB. */
  output: string;
}

/** Runs a short-lived tool to its end. Never throws for what the tool does. */
export async function runTool(
  supervisor: Supervisor,
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; timeoutMs: number; signal: AbortSignal },
): Promise<ToolAnswer> {
  options.signal.throwIfAborted();
  const tool = supervisor.spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [tool.child.stdout, tool.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
    });
  }
  let late = false;
  const stop = () => tool.signal('SIGKILL');
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, options.timeoutMs);
  options.signal.addEventListener('abort', stop, { once: true });
  const closed = new Promise<void>((resolve) => tool.child.once('close', () => resolve()));
  const ended = await tool.ended;
  await closed;
  clearTimeout(timer);
  options.signal.removeEventListener('abort', stop);
  options.signal.throwIfAborted();
  return { ended: late ? 'timeout' : ended, output };
}
