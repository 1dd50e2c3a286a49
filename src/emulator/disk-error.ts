import { errnoOf, messageOf, ToolError, UsageError } from '../base/errors.ts';

/**
 * What to say where the temporary folder did not take a write.
 * @param what `write telemetry to PATH`
 */
export function diskError(what: string, cause: unknown): UsageError | ToolError {
  const message = `cannot ${what}: ${messageOf(cause)}`;
  return ['ENOSPC', 'EDQUOT'].includes(errnoOf(cause) ?? '')
    ? new UsageError(`${message}; free some disk space or set TMPDIR to a larger disk`)
    : new ToolError(message);
}
