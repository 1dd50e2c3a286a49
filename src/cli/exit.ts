import { InterruptedError, isExpected, UsageError } from '../base/errors.ts';

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  if (error instanceof InterruptedError) return error.signal === 'SIGINT' ? 130 : 143;
  return 1;
}

/** One message for what was expected; the stack for what was not. */
export function printError(error: unknown): void {
  if (isExpected(error)) process.stderr.write(`bench: ${error.message}\n`);
  else process.stderr.write(`bench: ${error instanceof Error ? error.stack : String(error)}\n`);
}
