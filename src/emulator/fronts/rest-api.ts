import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowUs } from '../../base/clock.ts';
import { newSpanId, randomName } from '../ids.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { GATEWAY_BODY_BYTES, INVOKE_BYTES } from '../payload-limits.ts';
import { apiNameOf } from '../telemetry/documents.ts';
import { formatTraceHeader, traceOf } from '../trace-header.ts';
import { codingFor, compressed, decompressed } from './content-coding.ts';
import type { Front, FrontContext } from './front.ts';
import { gatewayRequestId } from './gateway-request-id.ts';
import { isBinaryType } from './media-types.ts';
import { OUTCOMES, type OutcomeKind, outcomeOfRefusal, REST_TIMEOUT_MS } from './outcomes.ts';
import { type ProxyResult, parseRestResult } from './proxy-result.ts';
import { headProblem } from './request-check.ts';
import { clientIp, headerOf, splitUrl } from './request-parts.ts';
import { type RestApiFacts, restEvent } from './rest-event.ts';
import { type MatchedPath, restResource } from './rest-resource.ts';
import { type Answer, ofOutcome, ofResult, sendAnswer } from './send-answer.ts';
import { withinTime } from './within-time.ts';

const STAGE = 'bench';
const RESOURCE = '/graphql';
/** What `ANY` stands for; a request by another is one the API has no method for. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** What the integration came to: an answer to pass on, or one of the table's outcomes. */
interface Integration {
  startedUs: number;
  endedUs: number;
  status: number;
  result: ProxyResult | OutcomeKind;
}

/**
 * A regional REST API with one resource, method ANY and a Lambda proxy integration, traced by X-Ray:
 * by default at `/bench/graphql`.
 */
export async function startRestApi(context: FrontContext): Promise<Front> {
  const { settings } = context;
  const stage = settings.stage ?? STAGE;
  const resource = restResource(settings.resource ?? RESOURCE, stage);
  const binaryTypes = settings.binaryMediaTypes ?? [];
  const minimumCompressionBytes = settings.minimumCompressionBytes ?? null;
  const timeoutMs = settings.integrationTimeoutMs ?? REST_TIMEOUT_MS;
  const api: RestApiFacts = {
    accountId: context.accountId,
    apiId: randomName(10),
    deploymentId: randomName(6),
    stage,
    stageVariables: settings.stageVariables ?? null,
    resource: resource.template,
    resourceId: randomName(6),
  };
  const server = await listenOnLoopback(handle, context.port, '--port');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedUs = nowUs();
    const trace = traceOf(headerOf(request, 'x-amzn-trace-id'), startedUs, context.sample());
    const requestId = randomUUID();
    const extendedRequestId = gatewayRequestId();
    const segmentId = newSpanId();
    const integrationSpanId = newSpanId();
    const sent = await readBody(request, GATEWAY_BODY_BYTES);
    const { path } = splitUrl(request.url as string);
    const matched = METHODS.has(request.method as string) ? resource.match(path) : null;
    const body = await bodyOf(request, sent, matched);
    const integration =
      matched === null || typeof body === 'string' ? null : await integrate(body, matched);
    const result = integration?.result ?? (body as OutcomeKind);
    const answer = await answerOf(request, result);
    const own: Record<string, string> = {
      'x-amzn-RequestId': requestId,
      'x-amz-apigw-id': extendedRequestId,
    };
    // What fails before the integration has no trace header: recorded, see OUTCOMES.
    if (integration !== null) {
      own['X-Amzn-Trace-Id'] = formatTraceHeader(trace.root, segmentId, trace.sampled);
    }
    // Before the answer leaves: the caller may have it before this process runs again.
    const endedUs = nowUs();
    sendAnswer(response, answer, own);
    if (matched === null) return;
    context.telemetry.gateway({
      trace,
      segmentId,
      integrationSpanId,
      apiId: api.apiId,
      stage,
      gatewayRequestId: requestId,
      method: request.method as string,
      path,
      userAgent: headerOf(request, 'user-agent') ?? '',
      clientIp: clientIp(request),
      startedUs,
      integrationStartedUs: integration?.startedUs ?? endedUs,
      integrationEndedUs: integration?.endedUs ?? endedUs,
      endedUs,
      status: answer.status,
      integrationStatus: integration?.status ?? 0,
      responseBytes: answer.body.length,
      functionName: context.functionName,
    });

    async function integrate(content: Buffer, at: MatchedPath): Promise<Integration> {
      const integrationStartedUs = nowUs();
      const bytes =
        binaryTypes.length > 0 && isBinaryType(headerOf(request, 'content-type'), binaryTypes);
      const event = Buffer.from(
        restEvent(request, content, bytes, {
          api,
          requestId,
          extendedRequestId,
          traceHeader: formatTraceHeader(trace.root, integrationSpanId, trace.sampled),
          receivedUs: startedUs,
          port: server.port,
          matched: at,
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
        timeoutMs,
        context.invoke({
          functionName: context.functionName,
          qualifier: context.settings.qualifier ?? null,
          requestId: randomUUID(),
          payload: event,
          trace: { ...trace, parent: integrationSpanId },
          clientContext: null,
          openStream: null,
          receivedUs: integrationStartedUs,
        }),
      );
      if (invoked === null) return ended(504, 'timed_out');
      switch (invoked.kind) {
        case 'answer': {
          const wanted = isBinaryType(headerOf(request, 'accept'), binaryTypes);
          return ended(200, parseRestResult(invoked.payload, wanted));
        }
        case 'function_error':
          return ended(200, 'function_error');
        case 'refused': {
          const kind = outcomeOfRefusal(invoked.reason);
          return ended(kind === 'throttled' ? 429 : 503, kind);
        }
      }
    }
  }

  /** What the integration gets; else why the request does not come so far. */
  async function bodyOf(
    request: IncomingMessage,
    sent: Buffer | null,
    matched: MatchedPath | null,
  ): Promise<Buffer | OutcomeKind> {
    const problem = headProblem(request, 'nothing');
    if (problem !== null) return problem;
    if (matched === null) return 'not_found';
    if (sent === null) return 'request_too_large';
    const coding = request.headers['content-encoding'];
    return coding === undefined ? sent : decompressed(sent, coding, minimumCompressionBytes);
  }

  async function answerOf(
    request: IncomingMessage,
    result: ProxyResult | OutcomeKind,
  ): Promise<Answer> {
    if (typeof result === 'string') return ofOutcome(OUTCOMES['rest-api'][result]);
    const answer = ofResult(result);
    if (minimumCompressionBytes === null || answer.body.length < minimumCompressionBytes) {
      return answer;
    }
    const isCoded = result.headers.some(([name]) => name.toLowerCase() === 'content-encoding');
    const coding = isCoded ? null : codingFor(headerOf(request, 'accept-encoding'));
    if (coding === null) return answer;
    answer.headers['Content-Encoding'] = coding;
    return { ...answer, body: await compressed(answer.body, coding) };
  }

  return {
    url: `${server.origin}/${stage}${resource.fixedPath}`,
    frontDimensions: { ApiName: apiNameOf(context.functionName), Stage: stage },
    apiId: api.apiId,
    stage,
    close: server.close,
  };
}
