import { Writable } from 'node:stream';
import { beginChunks, endChunks, writeChunk } from './client.ts';
import { errorDocument, RuntimeFailure } from './errors.ts';

/**
 * What the managed Node.js runtimes put into the global `awslambda`, after AWS's open-source runtime
 * client (aws-lambda-nodejs-runtime-interface-client).
 */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response';
/** Null bytes between the metadata of an HTTP response and its body. */
const DELIMITER_BYTES = 8;

type Write = (chunk: unknown) => void;
type Marked = object & { [STREAMING]?: unknown; [HIGH_WATER_MARK]?: unknown };

export function provideGlobals(): void {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse(handler: Marked, options?: { highWaterMark?: unknown }): Marked {
        handler[STREAMING] = 'response';
        if (typeof options?.highWaterMark === 'number') {
          handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
        }
        return handler;
      },
      HttpResponseStream: {
        /** The metadata goes out before the first write: a stream that is only ended has none. */
        from(stream: ResponseStream, metadata: unknown): ResponseStream {
          stream.setContentType(HTTP_RESPONSE);
          const prelude = JSON.stringify(metadata);
          stream._onBeforeFirstWrite = (write) => {
            write(prelude);
            write(new Uint8Array(DELIMITER_BYTES));
          };
          return stream;
        },
      },
    },
  });
}

/** @throws RuntimeFailure where it asks for another kind of streaming */
export function isStreaming(handler: Marked): boolean {
  const kind = handler[STREAMING];
  if (kind === undefined || kind === null || kind === false) return false;
  if (kind === 'response') return true;
  throw new RuntimeFailure(
    'Runtime.MalformedStreamingHandler',
    'Only response streaming is supported.',
  );
}

/** The response of one invocation: what is written goes out at once, in chunks of one request. */
export class ResponseStream extends Writable {
  /** Set by HttpResponseStream, under the name it has on AWS. */
  _onBeforeFirstWrite: ((write: Write) => void) | null = null;
  readonly #requestId: string;
  #contentType = 'application/octet-stream';
  #written = false;
  #begun = false;

  constructor(requestId: string, handler: Marked) {
    const mark = handler[HIGH_WATER_MARK];
    super(typeof mark === 'number' ? { highWaterMark: mark } : {});
    this.#requestId = requestId;
  }

  setContentType(contentType: string): void {
    if (this.#written) {
      throw new RuntimeFailure(
        'Runtime.InvalidStreamingOperation',
        'Cannot set content-type, too late.',
      );
    }
    this.#contentType = contentType;
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const before = this.#written ? null : this._onBeforeFirstWrite;
    this.#written = true;
    const write = (part: unknown, ...others: unknown[]): boolean =>
      Reflect.apply(super.write, this, [part, ...others]) as boolean;
    before?.(write);
    const plain = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return write(plain ? chunk : JSON.stringify(chunk), ...rest);
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#begin();
    if (chunk.length === 0) done();
    else writeChunk(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#begin();
    endChunks('');
    done();
  }

  /** Ends it with what went wrong, after what was written; false where it has ended already. */
  fail(error: unknown): boolean {
    if (this.writableFinished || this.destroyed) return false;
    this.#begin();
    const document = errorDocument(error);
    const body = Buffer.from(JSON.stringify(document)).toString('base64');
    endChunks(
      `Lambda-Runtime-Function-Error-Type: ${document.errorType}\r\n` +
        `Lambda-Runtime-Function-Error-Body: ${body}\r\n`,
    );
    this.destroy();
    return true;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    beginChunks(`invocation/${this.#requestId}/response`, this.#contentType);
  }
}
