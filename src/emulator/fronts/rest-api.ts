import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowUs } from '../../base/clock.ts';
import { newSpanId, randomHex, randomName } from '../ids.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { apiNameOf } from '../telemetry/documents.ts';
import { formatTraceHeader, traceOf } from '../trace-header.ts';
import type { TraceContext } from '../types.ts';
import type { Front, FrontContext } from './front.ts';
import {
  GATEWAY_BODY_BYTES,
  OUTCOMES,
  type OutcomeKind,
  outcomeOfRefusal,
  REST_TIMEOUT_MS,
} from './outcomes.ts';
import { type ProxyResult, parseProxyResult } from './proxy-result.ts';
import { clientIp, headerOf, splitUrl } from './request-parts.ts';
import { restEvent } from './rest-event.ts';
import { withinTime } from './within-time.ts';

const STAGE = 'bench';
const RESOURCE = '/graphql';

/** What the integration came to: an answer to pass on, or one of the table's outcomes. */
interface Integration {
  startedUs: number;
  endedUs: number;
  status: number;
  result: ProxyResult | OutcomeKind;
}

/** A REST API with a Lambda proxy integration at `/{stage}/graphql`, traced by X-Ray. */
export async function startRestApi(context: FrontContext): Promise<Front> {
  const apiId = randomName(10);
  const resourceId = randomName(6);
  const server = await listenOnLoopback(handle, context.port, '--port');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedUs = nowUs();
    const trace = traceOf(headerOf(request, 'x-amzn-trace-id'), startedUs, context.sample());
    const gatewayRequestId = randomUUID();
    const segmentId = newSpanId();
    const integrationSpanId = newSpanId();
    const body = await readBody(request, GATEWAY_BODY_BYTES);
    const { path } = splitUrl(request.url as string);
    const found = path === `/${STAGE}${RESOURCE}`;
    const extendedRequestId = `${randomHex(6)}=`;
    let integration: Integration | null = null;
    let result: ProxyResult | OutcomeKind;
    if (!found) result = 'not_found';
    else if (body === null) result = 'request_too_large';
    else {
      integration = await integrate(request, body, { ...trace, parent: integrationSpanId });
      result = integration.result;
    }
    const answer = typeof result === 'string' ? null : result;
    const outcome = typeof result === 'string' ? OUTCOMES['rest-api'][result] : null;
    const status = answer?.status ?? outcome?.status ?? 500;
    const content = answer?.body ?? Buffer.from(outcome?.body ?? '');
    const traceHeader = formatTraceHeader(trace.root, segmentId, trace.sampled);
    // Before the answer leaves: the caller may have it before this process runs again.
    const endedUs = nowUs();
    send(response, status, answer, content, gatewayRequestId, extendedRequestId, traceHeader);
    if (!found) return;
    context.telemetry.gateway({
      trace,
      segmentId,
      integrationSpanId,
      apiId,
      stage: STAGE,
      gatewayRequestId,
      method: request.method ?? '',
      path,
      userAgent: headerOf(request, 'user-agent') ?? '',
      clientIp: clientIp(request),
      startedUs,
      integrationStartedUs: integration?.startedUs ?? endedUs,
      integrationEndedUs: integration?.endedUs ?? endedUs,
      endedUs,
      status,
      integrationStatus: integration?.status ?? 0,
      responseBytes: content.length,
      functionName: context.functionName,
    });

    async function integrate(
      from: IncomingMessage,
      payload: Buffer,
      functionTrace: TraceContext,
    ): Promise<Integration> {
      const integrationStartedUs = nowUs();
      const event = Buffer.from(
        restEvent(from, payload, {
          accountId: context.accountId,
          apiId,
          stage: STAGE,
          resource: RESOURCE,
          resourceId,
          requestId: gatewayRequestId,
          extendedRequestId,
          traceHeader: formatTraceHeader(trace.root, integrationSpanId, trace.sampled),
          receivedUs: startedUs,
          port: server.port,
        }),
      );
      const ended = (integrationStatus: number, came: ProxyResult | OutcomeKind): Integration => ({
        startedUs: integrationStartedUs,
        endedUs: nowUs(),
        status: integrationStatus,
        result: came,
      });
      if (event.length > INVOKE_BYTES) return ended(413, 'request_too_large');
      const invoked = await withinTime(
        REST_TIMEOUT_MS,
        context.invoke({
          functionName: context.functionName,
          requestId: randomUUID(),
          payload: event,
          trace: functionTrace,
          clientContext: null,
          receivedUs: integrationStartedUs,
        }),
      );
      if (invoked === null) return ended(504, 'timed_out');
      switch (invoked.kind) {
        case 'answer':
          return ended(200, parseProxyResult(invoked.payload, '1.0') ?? 'malformed_result');
        case 'function_error':
          return ended(200, 'function_error');
        case 'refused': {
          const kind = outcomeOfRefusal(invoked.reason);
          return ended(kind === 'throttled' ? 429 : 503, kind);
        }
      }
    }
  }

  return {
    url: `${server.origin}/${STAGE}${RESOURCE}`,
    frontDimensions: { ApiName: apiNameOf(context.functionName), Stage: STAGE },
    apiId,
    stage: STAGE,
    close: server.close,
  };
}

function send(
  response: ServerResponse,
  status: number,
  answer: ProxyResult | null,
  content: Buffer,
  requestId: string,
  extendedRequestId: string,
  traceHeader: string,
): void {
  const headers: Record<string, string | string[] | number> =
    answer === null ? { 'content-type': 'application/json' } : Object.fromEntries(answer.headers);
  headers['content-length'] = content.length;
  headers['x-amzn-requestid'] = requestId;
  headers['x-amz-apigw-id'] = extendedRequestId;
  headers['x-amzn-trace-id'] = traceHeader;
  response.writeHead(status, headers);
  response.end(content);
}
