import { randomUUID } from 'node:crypto';
import { randomName } from '../ids.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { startFormat2Front } from './format-2-front.ts';
import type { Front, FrontContext } from './front.ts';

/** A function URL. Its request is the function's: both have one id. */
export function startFunctionUrl(context: FrontContext): Promise<Front> {
  return startFormat2Front(context, {
    kind: 'function-url',
    source: { accountId: 'anonymous', apiId: randomName(32), stage: '$default' },
    path: '/',
    frontDimensions: null,
    bodyLimitBytes: INVOKE_BYTES,
    timeoutMs: null,
    newIds: () => {
      const requestId = randomUUID();
      return { requestId, invocationId: requestId };
    },
    answerHeaders: (requestId, traceHeader) => ({
      'x-amzn-requestid': requestId,
      'x-amzn-trace-id': traceHeader,
    }),
  });
}
