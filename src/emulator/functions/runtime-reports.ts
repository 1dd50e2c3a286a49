import type { Request } from './http1.ts';

/** What a runtime reports of a failure. */
export interface RuntimeError {
  errorType: string;
  payload: Buffer;
}

export const INVALID_MODE: RuntimeError = {
  errorType: 'Runtime.InvalidResponseModeHeader',
  payload: Buffer.from(
    '{"errorType":"Runtime.InvalidResponseModeHeader","errorMessage":"Invalid function response mode"}',
  ),
};
export function errorOf(request: Request): RuntimeError {
  const named = request.header('lambda-runtime-function-error-type');
  return { errorType: named ?? typeWithin(request.body) ?? 'Unhandled', payload: request.body };
}

/** Clients that name no type in a header have it in the body. */
function typeWithin(body: Buffer): string | null {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null || !('errorType' in parsed)) return null;
    return typeof parsed.errorType === 'string' ? parsed.errorType : null;
  } catch {
    return null;
  }
}

/** What a runtime adds to a response that broke off; the body is base64 of JSON. */
export function trailedError(request: Request): RuntimeError | null {
  const errorType = request.header('lambda-runtime-function-error-type');
  if (errorType === undefined || errorType === '') return null;
  const body = request.header('lambda-runtime-function-error-body') ?? '';
  const payload =
    body === '' ? Buffer.from(JSON.stringify({ errorType })) : Buffer.from(body, 'base64');
  return { errorType, payload };
}
