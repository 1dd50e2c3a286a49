import { randomUUID } from 'node:crypto';
import { randomHex, randomName } from '../ids.ts';
import { startFormat2Front } from './format-2-front.ts';
import type { Front, FrontContext } from './front.ts';
import { GATEWAY_BODY_BYTES, HTTP_API_TIMEOUT_MS } from './outcomes.ts';

const PATH = '/graphql';

/**
 * An HTTP API as quick create makes it: the route and the stage `$default`, the stage's name not in
 * the path, a Lambda proxy integration of payload format 2.0. HTTP APIs have no X-Ray tracing: a
 * trace header is passed on, and none comes back. Source: API Gateway Developer Guide, "Create AWS
 * Lambda proxy integrations for HTTP APIs" and "Choose between REST APIs and HTTP APIs".
 */
export function startHttpApi(context: FrontContext): Promise<Front> {
  const apiId = randomName(10);
  return startFormat2Front(context, {
    kind: 'http-api',
    source: { accountId: context.accountId, apiId, stage: '$default' },
    path: PATH,
    frontDimensions: { ApiId: apiId },
    bodyLimitBytes: GATEWAY_BODY_BYTES,
    timeoutMs: HTTP_API_TIMEOUT_MS,
    newIds: () => ({
      // 16 characters that end with `=`.
      requestId: Buffer.from(randomHex(11), 'hex').toString('base64'),
      invocationId: randomUUID(),
    }),
    answerHeaders: (requestId) => ({ 'apigw-requestid': requestId }),
    answered: (times) => context.telemetry.httpApi({ apiId, ...times }),
  });
}
