import { writeSync } from 'node:fs';
import { format } from 'node:util';

/** The invocation at hand, `undefined` before the first: as Lambda prints it. */
export const current = { requestId: 'undefined' };

export function writeLine(level: string, message: string): void {
  const text = `${new Date().toISOString()}\t${current.requestId}\t${level}\t${message}`;
  // One line is one event: a line break within travels as CR.
  let bytes = Buffer.from(`${text.replaceAll('\n', '\r')}\n`);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

/** console.* in Lambda's text format. */
export function patchConsole(): void {
  const level =
    (name: string) =>
    (first?: unknown, ...rest: unknown[]) =>
      writeLine(name, format(first, ...rest));
  console.log = level('INFO');
  console.info = level('INFO');
  console.debug = level('DEBUG');
  console.warn = level('WARN');
  console.error = level('ERROR');
  console.trace = (...values: unknown[]) => {
    const trace = { name: 'Trace', message: format(...values) } as Error;
    Error.captureStackTrace(trace);
    writeLine('TRACE', trace.stack ?? trace.message);
  };
}
