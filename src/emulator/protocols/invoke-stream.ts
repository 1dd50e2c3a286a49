import { PassThrough, Writable } from 'node:stream';
import type { InvocationResult } from '../types.ts';
import { invokeComplete, payloadChunk } from './event-stream.ts';
import { answerHeaders, invocationOf, invocationType, logResult, refusal } from './invoke.ts';
import { configurationOf, type LambdaCall } from './lambda-call.ts';
import type { ServiceAnswer } from './wire.ts';

/** Of a response that was not streamed: bytes of a frame. */
const CHUNK_BYTES = 64 * 1024;

/**
 * InvokeWithResponseStream: answered when the runtime begins to stream, or with the result of a function
 * that does not. What is wrong after that is told by the last frame.
 */
export async function invokeWithResponseStream(call: LambdaCall): Promise<ServiceAnswer> {
  const { backing, request } = call;
  const { version } = configurationOf(call);
  const type = invocationType(call, ['RequestResponse', 'DryRun']);
  const invocation = invocationOf(call, type);
  if (type === 'DryRun') return { status: 204, body: null };
  const frames = new PassThrough();
  const opened = Promise.withResolvers<'opened'>();
  const result = backing.invoke({
    ...invocation,
    openStream: () => {
      opened.resolve('opened');
      return chunksInto(frames);
    },
  });
  const first = await Promise.race([opened.promise, result]);
  if (first !== 'opened' && first.kind === 'refused') throw refusal(first.reason, first.message);
  void result.then(async (settled) => {
    const tail = request.headers['x-amz-log-type'] === 'Tail' && settled.kind !== 'refused';
    const log = tail ? await logResult(backing, settled.record) : null;
    finish(frames, settled, log);
  });
  const known = first === 'opened' ? (isShared(call) ? null : version) : first.record.version;
  const { 'x-amz-executed-version': executed = '', ...headers } = answerHeaders(
    invocation,
    known ?? '',
  );
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/vnd.amazon.eventstream',
      ...(executed === '' ? {} : { 'x-amz-executed-version': executed }),
    },
    body: frames,
  };
}

/** An alias that shares its invocations between versions: which one runs is known at the end only. */
function isShared({ backing, name, qualifier }: LambdaCall): boolean {
  const alias = backing.functions.aliases(name).find((each) => each.name === qualifier);
  return alias !== undefined && alias.routing !== null;
}

/** Each write is a frame. Ending or destroying it does not end the frames: the last one follows. */
function chunksInto(frames: PassThrough): Writable {
  const chunks = new Writable({
    write: (chunk: Buffer, _, done) => {
      if (frames.destroyed) done(new Error('the caller went away'));
      else if (frames.write(payloadChunk(chunk))) done();
      else frames.once('drain', done);
    },
  });
  // Said by the result; without a listener it would be thrown.
  chunks.on('error', () => {});
  frames.once('close', () => chunks.destroy());
  return chunks;
}

function finish(frames: PassThrough, result: InvocationResult, log: string | null): void {
  if (frames.destroyed) return;
  if (result.kind === 'answer' && !result.streamed) {
    for (let at = 0; at < result.payload.length; at += CHUNK_BYTES) {
      frames.write(payloadChunk(result.payload.subarray(at, at + CHUNK_BYTES)));
    }
  }
  frames.end(invokeComplete({ ...failureOf(result), ...(log === null ? {} : { LogResult: log }) }));
}

/** ErrorCode is inferred from Invoke's X-Amz-Function-Error, as ErrorDetails from its payload. */
function failureOf(result: InvocationResult): Record<string, string> {
  switch (result.kind) {
    case 'answer':
      return {};
    case 'function_error':
      return { ErrorCode: 'Unhandled', ErrorDetails: result.payload.toString('utf8') };
    case 'refused':
      return { ErrorCode: result.reason, ErrorDetails: result.message };
  }
}
