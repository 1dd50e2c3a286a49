import { randomUUID } from 'node:crypto';
import { randomName } from '../ids.ts';
import { GATEWAY_BODY_BYTES } from '../payload-limits.ts';
import { startFormat2Front } from './format-2-front.ts';
import type { Front, FrontContext } from './front.ts';
import { gatewayRequestId } from './gateway-request-id.ts';
import { HTTP_API_TIMEOUT_MS } from './outcomes.ts';

const PATH = '/graphql';
const DEFAULT_STAGE = '$default';

/**
 * An HTTP API as quick create makes it: the route and the stage `$default`, the stage's name not in
 * the path, a Lambda proxy integration of payload format 2.0. The name of another stage begins every
 * path, in the event, too. HTTP APIs have no X-Ray tracing: a trace header is passed on, and none
 * comes back. Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs"
 * and "Choose between REST APIs and HTTP APIs".
 */
export function startHttpApi(context: FrontContext): Promise<Front> {
  const apiId = randomName(10);
  const stage = context.settings.stage ?? DEFAULT_STAGE;
  const stagePath = stage === DEFAULT_STAGE ? '' : `/${stage}`;
  return startFormat2Front(context, {
    kind: 'http-api',
    source: {
      accountId: context.accountId,
      apiId,
      stage,
      stageVariables: context.settings.stageVariables ?? null,
      decodesPath: true,
      keepsCookieHeader: false,
    },
    path: `${stagePath}${PATH}`,
    stagePath,
    frontDimensions: { ApiId: apiId },
    bodyLimitBytes: GATEWAY_BODY_BYTES,
    countsHead: 'request line',
    headerRules: 'drop',
    streams: false,
    timeoutMs: HTTP_API_TIMEOUT_MS,
    newIds: () => ({ requestId: gatewayRequestId(), invocationId: randomUUID() }),
    answerHeaders: (requestId) => ({ 'Apigw-Requestid': requestId }),
    answered: (times) => context.telemetry.httpApi({ apiId, ...times }),
  });
}
