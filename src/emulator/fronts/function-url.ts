import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowUs } from '../../base/clock.ts';
import { randomName } from '../ids.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { formatTraceHeader, traceOf } from '../trace-header.ts';
import type { Front, FrontContext } from './front.ts';
import { OUTCOMES, type OutcomeKind, outcomeOfRefusal } from './outcomes.ts';
import { type ProxyResult, parseProxyResult } from './proxy-result.ts';
import { headerOf } from './request-parts.ts';
import { urlEvent } from './url-event.ts';

/** A function URL: every path and method goes to the function. It leaves no segment of its own. */
export async function startFunctionUrl(context: FrontContext): Promise<Front> {
  const urlId = randomName(32);
  const server = await listenOnLoopback(handle, context.port, '--port');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedUs = nowUs();
    const requestId = randomUUID();
    const trace = traceOf(headerOf(request, 'x-amzn-trace-id'), receivedUs, context.sample());
    const traceHeader = formatTraceHeader(trace.root, trace.parent, trace.sampled);
    const body = await readBody(request, INVOKE_BYTES);
    const result = body === null ? 'request_too_large' : await invoke(body);
    send(response, result, requestId, traceHeader);

    async function invoke(content: Buffer): Promise<ProxyResult | OutcomeKind> {
      const event = Buffer.from(
        urlEvent(request, content, {
          urlId,
          requestId,
          traceHeader,
          receivedUs,
          port: server.port,
        }),
      );
      if (event.length > INVOKE_BYTES) return 'request_too_large';
      const invoked = await context.invoke({
        functionName: context.functionName,
        requestId,
        payload: event,
        trace,
        clientContext: null,
        receivedUs,
      });
      switch (invoked.kind) {
        case 'answer':
          return parseProxyResult(invoked.payload, 'function-url') ?? 'malformed_result';
        case 'function_error':
          return 'function_error';
        case 'refused':
          return outcomeOfRefusal(invoked.reason);
      }
    }
  }

  return {
    url: `${server.origin}/`,
    frontDimensions: null,
    apiId: urlId,
    stage: '$default',
    close: server.close,
  };
}

function send(
  response: ServerResponse,
  result: ProxyResult | OutcomeKind,
  requestId: string,
  traceHeader: string,
): void {
  const outcome = typeof result === 'string' ? OUTCOMES['function-url'][result] : null;
  const answer = typeof result === 'string' ? null : result;
  const content = answer?.body ?? Buffer.from(outcome?.body ?? '');
  const headers: Record<string, string | string[] | number> =
    answer === null ? { 'content-type': 'application/json' } : Object.fromEntries(answer.headers);
  if (answer !== null && answer.cookies.length > 0) headers['set-cookie'] = answer.cookies;
  headers['content-length'] = content.length;
  headers['x-amzn-requestid'] = requestId;
  headers['x-amzn-trace-id'] = traceHeader;
  response.writeHead(answer?.status ?? outcome?.status ?? 500, headers);
  response.end(content);
}
