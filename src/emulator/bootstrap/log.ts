import { writeSync } from 'node:fs';
import { format } from 'node:util';
import { errorFields, logged } from './errors.ts';

/** The invocation at hand, `undefined` before the first: as Lambda prints it. */
export const current = { requestId: 'undefined' };

const { env } = process;
const JSON_FORMAT = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** The first of LEVELS that is logged; all are where it is none of them. */
const FIRST_LEVEL = Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() ?? ''));

/** One event, in the text format. */
function writeLine(level: string, message: string): void {
  const text = `${new Date().toISOString()}\t${current.requestId}\t${level}\t${message}`;
  // One line is one event: a line break within travels as CR.
  write(text.replaceAll('\n', '\r'));
}

function write(line: string): void {
  let bytes = Buffer.from(`${line}\n`);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

/**
 * One event in the JSON format, with the fields of AWS's open-source runtime client: a single value is
 * the message as it is, several are formatted, and an error among them is told apart.
 */
function writeObject(level: string, values: unknown[]): void {
  const event: Record<string, unknown> = {
    timestamp: new Date().toISOString(),
    level,
    ...(current.requestId === 'undefined' ? {} : { requestId: current.requestId }),
  };
  if (values.length === 1) {
    try {
      event.message = values[0];
      write(
        JSON.stringify(event, (_, value) => (value instanceof Error ? errorFields(value) : value)),
      );
      return;
    } catch {
      // It refers to itself.
    }
  }
  event.message = format(...values);
  const error = values.find((value) => value instanceof Error);
  if (values.length > 1 && error !== undefined) {
    const { errorType, errorMessage, stackTrace } = errorFields(error);
    Object.assign(event, { errorType, errorMessage, stackTrace });
  }
  write(JSON.stringify(event));
}

/** console.* in Lambda's format, text or JSON, from the function's level on. */
export function patchConsole(): void {
  const level = (name: string): ((...values: unknown[]) => void) => {
    if (LEVELS.indexOf(name) < FIRST_LEVEL) return () => {};
    if (JSON_FORMAT) return (...values) => writeObject(name, values);
    return (first, ...rest) => writeLine(name, format(first, ...rest));
  };
  console.debug = level('DEBUG');
  console.info = level('INFO');
  console.log = level('INFO');
  console.warn = level('WARN');
  console.error = level('ERROR');
  Object.assign(console, { fatal: level('FATAL') });
  console.trace = JSON_FORMAT || FIRST_LEVEL > 0 ? level('TRACE') : writeTrace;
}

function writeTrace(...values: unknown[]): void {
  const trace = { name: 'Trace', message: format(...values) } as Error;
  Error.captureStackTrace(trace);
  writeLine('TRACE', trace.stack ?? trace.message);
}

/** What the runtime itself says of an error, whatever the level. */
export function logFailure(kind: string, error: unknown): void {
  if (!JSON_FORMAT) writeLine('ERROR', `${kind} \t${logged(error)}`);
  else writeObject('ERROR', [error instanceof Error ? error : new Error(String(error))]);
}

export function warn(message: string): void {
  if (JSON_FORMAT) writeObject('WARN', [message]);
  else writeLine('WARN', message);
}
