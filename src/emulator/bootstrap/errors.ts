/** An error of the runtime's own, named as Lambda names it. */
export class RuntimeFailure extends Error {
  constructor(name: string, message: string) {
    super(message);
    // Hidden, as on Lambda: what an error enumerates is logged beside its type.
    Object.defineProperty(this, 'name', { value: name });
  }
}

/** What is posted of an error. */
export interface ErrorDocument {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

export function errorDocument(error: unknown): ErrorDocument {
  if (!(error instanceof Error) && !isErrorLike(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: clean(error.name),
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

/** An error of another realm, or one that only looks like it. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

function clean(name: unknown): string {
  return String(name).replaceAll(/[^\x20-\x7e]/g, '') || 'Error';
}

/** As Lambda logs it: the error's own fields beside type, message and stack. */
export function logged(error: unknown): string {
  const { errorType, errorMessage, trace } = errorDocument(error);
  const own = typeof error === 'object' && error !== null ? { ...error } : {};
  try {
    return JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, stack: trace });
  }
}

/**
 * As the JSON format has an error: the error's own fields beside type, message and stack. Its type is
 * its class; those of the runtime's own errors are named without `Runtime.` (AWS's Errors.js).
 */
export function errorFields(error: Error): Record<string, unknown> {
  const ofRuntime = error instanceof RuntimeFailure;
  return {
    errorType: ofRuntime
      ? error.name.replace('Runtime.', '')
      : (error.constructor?.name ?? 'UnknownError'),
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : error.stack,
    ...error,
  };
}
