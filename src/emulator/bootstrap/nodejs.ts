import { firstNext, type Message, NEXT, open, post, socket } from './client.ts';
import { afterSends, countDatagrams } from './datagrams.ts';
import { errorDocument, RuntimeFailure } from './errors.ts';
import { type Callback, type Context, type Handler, loadHandler } from './handler.ts';
import { current, logFailure, patchConsole, warn } from './log.ts';
import { isStreaming, ResponseStream } from './streaming.ts';

/**
 * The runtime inside an environment of nodejs*.x: loads the handler and serves invocations over the
 * Runtime API. Runs from a copy of this folder: it imports nothing else of this project. Its CPU
 * counts against the environment's quota, so it speaks HTTP over one raw socket, and posts a response
 * together with the request for the next invocation.
 */
const { env } = process;
let handler: Handler;
let streaming = false;
/** From an invocation until its response. */
let working = false;
/** Set once the last words are posted. */
let exitCode: number | null = null;
/** Of the invocation at hand. */
let stream: ResponseStream | null = null;

function contextOf(message: Message): Context {
  const deadlineMs = Number(message.headers.get('lambda-runtime-deadline-ms'));
  const clientContext = message.headers.get('lambda-runtime-client-context');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME ?? '',
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION ?? '',
    invokedFunctionArn: message.headers.get('lambda-runtime-invoked-function-arn') ?? '',
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
    awsRequestId: current.requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
    ...(clientContext === undefined ? {} : { clientContext: parseContext(clientContext) }),
    identity: undefined,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

/** The header is base64 of JSON from Invoke, plain JSON from other services. */
function parseContext(header: string): unknown {
  for (const text of [header, Buffer.from(header, 'base64').toString()]) {
    try {
      return JSON.parse(text);
    } catch {
      // The other form, or not JSON at all.
    }
  }
  return undefined;
}

function onMessage(message: Message): void {
  const id = message.headers.get('lambda-runtime-aws-request-id');
  // The acknowledgement of a response, or of the last words.
  if (id === undefined) {
    if (exitCode !== null) process.exit(exitCode);
    return;
  }
  current.requestId = id;
  working = true;
  const trace = message.headers.get('lambda-runtime-trace-id');
  if (trace === undefined) delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = trace;
  if (streaming) {
    void serveStream(id, message);
    return;
  }
  let answered = false;
  const answer = (error: unknown, result: unknown, failed: boolean): void => {
    if (answered) return;
    answered = true;
    afterSends(() => respond(id, error, result, failed));
  };
  try {
    const context = contextOf(message);
    const event: unknown = JSON.parse(message.body.toString());
    const returned =
      handler.length >= 3
        ? handler(event, context, callbackFor(context, answer))
        : handler(event, context);
    if (isThenable(returned)) {
      returned.then(
        (result) => answer(null, result, false),
        (error: unknown) => answer(error, null, true),
      );
    } else if (handler.length < 3) answer(null, returned, false);
  } catch (error) {
    answer(error, null, true);
  }
}

function callbackFor(
  context: Context,
  answer: (error: unknown, result: unknown, failed: boolean) => void,
): Callback {
  return (error, result) => {
    const failed = error !== undefined && error !== null;
    if (failed || !context.callbackWaitsForEmptyEventLoop) return answer(error, result, failed);
    whenIdle(() => answer(null, result, false));
  };
}

/** Return values of streaming handlers are not used; the stream has to be ended. */
async function serveStream(id: string, message: Message): Promise<void> {
  const response = new ResponseStream(id, handler);
  stream = response;
  const finished = new Promise((resolve) => response.once('finish', resolve));
  const context = contextOf(message);
  try {
    const event: unknown = JSON.parse(message.body.toString());
    const handle = handler as (...values: unknown[]) => unknown;
    const returned = handle(event, response, context);
    if (!isThenable(returned)) throw 'Streaming does not support non-async handlers.';
    if ((await returned) !== undefined) {
      warn('Streaming handlers ignore return values.');
    }
    await finished;
  } catch (error) {
    logFailure('Invoke Error', error);
    response.fail(error);
  }
  stream = null;
  working = false;
  const next = (): void => afterSends(() => socket.write(NEXT));
  if (context.callbackWaitsForEmptyEventLoop) whenIdle(next);
  else next();
}

/** Runs an action once nothing else keeps the process alive but our own socket. */
function whenIdle(action: () => void): void {
  socket.unref();
  process.once('beforeExit', () => {
    socket.ref();
    action();
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function respond(id: string, error: unknown, result: unknown, failed: boolean): void {
  let failure = error;
  working = false;
  if (!failed) {
    try {
      post(`invocation/${id}/response`, JSON.stringify(result) ?? 'null', null, NEXT);
      return;
    } catch (unserialisable) {
      failure = new RuntimeFailure(
        'Runtime.JSONStringifyError',
        `Unable to stringify response body: ${(unserialisable as Error).message}`,
      );
    }
  }
  logFailure('Invoke Error', failure);
  const document = errorDocument(failure);
  post(`invocation/${id}/error`, JSON.stringify(document), document.errorType, NEXT);
}

/**
 * Ends this environment once the service has the error and what is being sent has gone out. Between
 * invocations nobody is to be told: the connection waits for the next one.
 */
function fail(kind: string, error: unknown, code: number): void {
  logFailure(kind, error);
  if (exitCode !== null) return;
  const document = errorDocument(error);
  const path =
    current.requestId === 'undefined' ? 'init/error' : `invocation/${current.requestId}/error`;
  afterSends(() => {
    if (current.requestId !== 'undefined' && !working) process.exit(code);
    exitCode = code;
    if (stream === null) post(path, JSON.stringify(document), document.errorType, '');
    else if (!stream.fail(error)) process.exit(code);
  });
}

patchConsole();
countDatagrams();
open(onMessage);
process.on('uncaughtException', (error) => fail('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const message = reason instanceof Error ? reason.toString() : String(reason);
  const failure = new RuntimeFailure('Runtime.UnhandledPromiseRejection', message);
  fail('Unhandled Promise Rejection', failure, 128);
});
try {
  const startedMs = performance.now();
  handler = await loadHandler();
  streaming = isStreaming(handler);
  socket.write(firstNext(Math.round((performance.now() - startedMs) * 1000)));
} catch (error) {
  fail('Uncaught Exception', error, 1);
}
