import { randomUUID } from 'node:crypto';
import { randomName } from '../ids.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { startFormat2Front } from './format-2-front.ts';
import type { Front, FrontContext } from './front.ts';

/** A function URL. Its request is the function's: both have one id. */
export function startFunctionUrl(context: FrontContext): Promise<Front> {
  return startFormat2Front(context, {
    kind: 'function-url',
    source: {
      accountId: 'anonymous',
      apiId: randomName(32),
      stage: '$default',
      stageVariables: null,
      decodesPath: false,
      keepsCookieHeader: true,
    },
    path: '/',
    stagePath: '',
    frontDimensions: null,
    bodyLimitBytes: INVOKE_BYTES,
    countsHead: null,
    headerRules: 'remap',
    streams: context.settings.invokeMode === 'response-stream',
    timeoutMs: null,
    newIds: () => {
      const requestId = randomUUID();
      return { requestId, invocationId: requestId };
    },
    answerHeaders: (requestId, traceHeader) => ({
      'x-amzn-RequestId': requestId,
      'X-Amzn-Trace-Id': traceHeader,
    }),
  });
}
