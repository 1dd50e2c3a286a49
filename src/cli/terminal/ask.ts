import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { InterruptedError } from '../../base/errors.ts';

/** Where questions go and answers come from; null where nobody sits there. */
export type Terminal = { input: Readable; output: Writable } | null;

export interface Asker {
  /** One line, without spaces around it; '' at the end of the input. Rejects with InterruptedError. */
  ask(text: string): Promise<string>;
  close(): void;
}

export function terminalHere(): Terminal {
  return process.stdin.isTTY && process.stderr.isTTY
    ? { input: process.stdin, output: process.stderr }
    : null;
}

/** Takes the input until it is closed: lines that came early are answers to later questions. */
export function openAsker({ input, output }: NonNullable<Terminal>): Asker {
  const lines = createInterface({ input, output });
  const early: string[] = [];
  let ended = false;
  let waiting: { resolve(line: string): void; reject(error: Error): void } | null = null;
  lines.on('line', (line) => {
    if (waiting === null) early.push(line);
    else waiting.resolve(line);
    waiting = null;
  });
  lines.on('SIGINT', () => {
    waiting?.reject(new InterruptedError('SIGINT'));
    waiting = null;
    lines.close();
  });
  lines.on('close', () => {
    ended = true;
    waiting?.resolve('');
    waiting = null;
  });
  return {
    async ask(text) {
      const known = early.shift();
      if (known !== undefined || ended) return known?.trim() ?? '';
      lines.setPrompt(text);
      lines.prompt();
      const line = await new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject };
      });
      return line.trim();
    },
    close: () => lines.close(),
  };
}
