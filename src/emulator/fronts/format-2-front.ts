import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowUs } from '../../base/clock.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { formatTraceHeader, traceOf } from '../trace-header.ts';
import type { InvocationResult, OpenStream } from '../types.ts';
import type { HeaderRules } from './answer-headers.ts';
import { type EventSource, format2Event } from './format-2-event.ts';
import type { Front, FrontContext } from './front.ts';
import {
  OUTCOMES,
  type Outcome,
  type OutcomeKind,
  outcomeOfRefusal,
  throttledBecause,
} from './outcomes.ts';
import { type ProxyResult, parseFormat2Result } from './proxy-result.ts';
import { headProblem } from './request-check.ts';
import { headerOf, splitUrl } from './request-parts.ts';
import { ofOutcome, ofResult, sendAnswer, withOwn } from './send-answer.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { withinTime } from './within-time.ts';

/** What tells the two fronts with payload format 2.0 apart. */
export interface Format2Front {
  kind: 'function-url' | 'http-api';
  source: EventSource;
  /** Of its URL. */
  path: string;
  /** What paths begin with: `/dev`, or empty. */
  stagePath: string;
  frontDimensions: Record<string, string> | null;
  bodyLimitBytes: number;
  /** See headProblem. */
  countsHead: 'request line' | null;
  headerRules: HeaderRules;
  /** Invokes with a response stream, whatever the function does. */
  streams: boolean;
  /** null: as long as the function may take. */
  timeoutMs: number | null;
  /** Ids of one request: the front's own, and the one the function's REPORT line has. */
  newIds(): { requestId: string; invocationId: string };
  /** What the front adds to an answer. */
  answerHeaders(requestId: string, traceHeader: string): Record<string, string>;
  /** Told of every answer as it leaves. */
  answered?(times: {
    startedUs: number;
    integrationStartedUs: number;
    integrationEndedUs: number;
    endedUs: number;
    status: number;
  }): void;
}

/** Every path and method goes to the function (route `$default`). It leaves no segment of its own. */
export async function startFormat2Front(
  context: FrontContext,
  front: Format2Front,
): Promise<Front> {
  const server = await listenOnLoopback(handle, context.port, '--port');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedUs = nowUs();
    const { requestId, invocationId } = front.newIds();
    const trace = traceOf(headerOf(request, 'x-amzn-trace-id'), startedUs, context.sample());
    const traceHeader = formatTraceHeader(trace.root, trace.parent, trace.sampled);
    const own = front.answerHeaders(requestId, traceHeader);
    const body = await readBody(request, front.bodyLimitBytes);
    const problem = problemOf(request, body);
    const integrationStartedUs = nowUs();
    const event = problem ?? eventOf(body as Buffer);
    const stream = front.streams ? new StreamedAnswer(response, own) : null;
    const invoked =
      typeof event === 'string' ? event : await invoke(event, stream === null ? null : stream.open);
    // What was streamed is out; an error is only news where no head went before it.
    await stream?.ended();
    const endedUs = nowUs();
    const status = stream?.status ?? send(response, invoked, own);
    front.answered?.({
      startedUs,
      integrationStartedUs,
      integrationEndedUs: endedUs,
      endedUs,
      status,
    });

    function eventOf(content: Buffer): Buffer | OutcomeKind {
      const arrival = { requestId, traceHeader, receivedUs: startedUs, port: server.port };
      const event = Buffer.from(format2Event(request, content, front.source, arrival));
      return event.length > INVOKE_BYTES ? 'request_too_large' : event;
    }

    async function invoke(
      payload: Buffer,
      openStream: OpenStream | null,
    ): Promise<InvocationResult | OutcomeKind> {
      const result = await withinTime(
        front.timeoutMs,
        context.invoke({
          functionName: context.functionName,
          qualifier: context.settings.qualifier ?? null,
          requestId: invocationId,
          payload,
          trace,
          clientContext: null,
          openStream,
          // A function URL is Lambda's own: the service has the request from its first byte on.
          receivedUs: front.kind === 'function-url' ? startedUs : integrationStartedUs,
        }),
      );
      return result ?? 'timed_out';
    }
  }

  /** Why a request does not reach the function. */
  function problemOf(request: IncomingMessage, body: Buffer | null): OutcomeKind | null {
    const problem = headProblem(request, front.countsHead);
    if (problem !== null) return problem;
    if (front.stagePath !== '' && !isWithin(splitUrl(request.url as string).path)) {
      return 'not_found';
    }
    return body === null ? 'request_too_large' : null;
  }

  function isWithin(path: string): boolean {
    return path === front.stagePath || path.startsWith(`${front.stagePath}/`);
  }

  /** Returns the status that was sent. */
  function send(
    response: ServerResponse,
    invoked: InvocationResult | OutcomeKind,
    own: Record<string, string>,
  ): number {
    if (front.streams && typeof invoked === 'object' && isWhole(invoked)) {
      return sendVerbatim(response, invoked.payload, own);
    }
    const result = resultOf(invoked);
    const answer = typeof result === 'string' ? ofOutcome(outcomeOf(result)) : ofResult(result);
    sendAnswer(response, answer, own);
    return answer.status;

    function outcomeOf(kind: OutcomeKind): Outcome {
      const isReasonKnown = typeof invoked === 'object' && invoked.kind === 'refused';
      return kind === 'throttled' && front.kind === 'function-url' && isReasonKnown
        ? throttledBecause(invoked.reason)
        : OUTCOMES[front.kind][kind];
    }
  }

  function resultOf(invoked: InvocationResult | OutcomeKind): ProxyResult | OutcomeKind {
    if (typeof invoked === 'string') return invoked;
    switch (invoked.kind) {
      case 'answer':
        // Of a stream that ended before its head was whole there is nothing to send.
        return invoked.streamed
          ? 'malformed_result'
          : parseFormat2Result(invoked.payload, front.headerRules);
      case 'function_error':
        return 'function_error';
      case 'refused':
        return outcomeOfRefusal(invoked.reason);
    }
  }

  return {
    url: `${server.origin}${front.path}`,
    frontDimensions: front.frontDimensions,
    apiId: front.source.apiId,
    stage: front.source.stage,
    close: server.close,
  };
}

/** An answer that was not streamed. */
function isWhole(invoked: InvocationResult): invoked is InvocationResult & { kind: 'answer' } {
  return invoked.kind === 'answer' && !invoked.streamed;
}

/**
 * What a streaming URL does with such an answer: it comes as it is, envelope and all. Measured of the
 * service: localstack, test_lambda_url_echo_invoke; hotsock/voker, examples/runtime-probe.
 */
function sendVerbatim(
  response: ServerResponse,
  payload: Buffer,
  own: Record<string, string>,
): number {
  const headers = { 'Content-Type': 'application/json' };
  withOwn(headers, own);
  response.writeHead(200, headers).end(payload);
  return 200;
}
