/**
 * Errors a user is expected to meet. Each carries one message that names the flag, file or field,
 * says what was wrong and what to do. Anything else that is thrown is a defect and prints its stack.
 */

/** The user can mend it: a flag, the configuration, a path, a port, the disk. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The tool, or something it depends on, failed. Exit code 1. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** The run was interrupted by a signal. Exit code 130 (SIGINT) or 143 (SIGTERM). */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly signal: 'SIGINT' | 'SIGTERM';
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

export type ExpectedError = UsageError | ToolError | InterruptedError;

export function isExpected(error: unknown): error is ExpectedError {
  return (
    error instanceof UsageError || error instanceof ToolError || error instanceof InterruptedError
  );
}

/** The message of anything thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`, …), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
