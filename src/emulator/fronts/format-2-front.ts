import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowUs } from '../../base/clock.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { formatTraceHeader, traceOf } from '../trace-header.ts';
import { type EventSource, format2Event } from './format-2-event.ts';
import type { Front, FrontContext } from './front.ts';
import { OUTCOMES, type OutcomeKind, outcomeOfRefusal } from './outcomes.ts';
import { type ProxyResult, parseProxyResult } from './proxy-result.ts';
import { headerOf } from './request-parts.ts';
import { withinTime } from './within-time.ts';

/** What tells the two fronts with payload format 2.0 apart. */
export interface Format2Front {
  kind: 'function-url' | 'http-api';
  source: EventSource;
  /** Of its URL. */
  path: string;
  frontDimensions: Record<string, string> | null;
  bodyLimitBytes: number;
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
    const body = await readBody(request, front.bodyLimitBytes);
    const integrationStartedUs = nowUs();
    const result = body === null ? 'request_too_large' : await invoke(body);
    const endedUs = nowUs();
    const status = send(response, front, result, front.answerHeaders(requestId, traceHeader));
    front.answered?.({
      startedUs,
      integrationStartedUs,
      integrationEndedUs: endedUs,
      endedUs,
      status,
    });

    async function invoke(content: Buffer): Promise<ProxyResult | OutcomeKind> {
      const arrival = { requestId, traceHeader, receivedUs: startedUs, port: server.port };
      const event = Buffer.from(format2Event(request, content, front.source, arrival));
      if (event.length > INVOKE_BYTES) return 'request_too_large';
      const invoked = await withinTime(
        front.timeoutMs,
        context.invoke({
          functionName: context.functionName,
          requestId: invocationId,
          payload: event,
          trace,
          clientContext: null,
          // A function URL is Lambda's own: the service has the request from its first byte on.
          receivedUs: front.kind === 'function-url' ? startedUs : integrationStartedUs,
        }),
      );
      if (invoked === null) return 'timed_out';
      switch (invoked.kind) {
        case 'answer':
          return parseProxyResult(invoked.payload, '2.0') ?? 'malformed_result';
        case 'function_error':
          return 'function_error';
        case 'refused':
          return outcomeOfRefusal(invoked.reason);
      }
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

/** Returns the status that was sent. */
function send(
  response: ServerResponse,
  { kind }: Format2Front,
  result: ProxyResult | OutcomeKind,
  added: Record<string, string>,
): number {
  const answer = typeof result === 'string' ? OUTCOMES[kind][result] : result;
  const content = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const headers: Record<string, string | string[] | number> =
    'headers' in answer
      ? Object.fromEntries(answer.headers)
      : { 'content-type': 'application/json' };
  if ('cookies' in answer && answer.cookies.length > 0) headers['set-cookie'] = answer.cookies;
  response.writeHead(answer.status, { ...headers, 'content-length': content.length, ...added });
  response.end(content);
  return answer.status;
}
