/**
 * What an error says, on one line, with its innermost cause: the toolkit wraps what AWS said ("Failed
 * to publish asset …"). The name is the cause's: `AccessDenied`.
 */
export function toldOf(error: unknown): { name: string; message: string } {
  const outer = lineOf(error);
  const inner = innermost(error);
  const cause = lineOf(inner);
  return {
    name: inner instanceof Error ? inner.name : 'Error',
    message: outer.includes(cause) ? outer : `${outer}: ${cause}`,
  };
}

function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

/** Without the toolkit's marks. */
function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replaceAll(/\s+/g, ' ')
    .replace(/^[^\w]+ /, '')
    .trim();
}
