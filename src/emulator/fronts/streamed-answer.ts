import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { ofResult, withOwn } from './send-answer.ts';
import { PRELUDE_TYPE, PreludeReader } from './stream-prelude.ts';

const EMPTY = Buffer.alloc(0);

/**
 * Hands a streamed response on to the caller as it comes: the head at once, each chunk at the caller's
 * speed. Where the caller went away, what still comes is taken and dropped: on Lambda the function goes
 * on, too (Lambda Developer Guide, "Response streaming for Lambda functions").
 */
export class StreamedAnswer {
  /** Of the head that was sent; null: none yet, so another answer can be sent. */
  status: number | null = null;
  readonly #response: ServerResponse;
  readonly #own: Record<string, string>;
  #closed: Promise<unknown> | null = null;

  /** @param own headers of the front */
  constructor(response: ServerResponse, own: Record<string, string>) {
    this.#response = response;
    this.#own = own;
  }

  /** As InvocationRequest.openStream. */
  readonly open = (contentType: string): Writable => {
    const prelude = contentType === PRELUDE_TYPE ? new PreludeReader() : null;
    if (prelude === null) {
      this.#sendHead(200, { 'Content-Type': contentType || 'application/octet-stream' });
    }
    const response = this.#response;
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        try {
          const body =
            prelude === null || this.status !== null ? chunk : this.#begin(prelude, chunk);
          this.#pass(body, done);
        } catch (error) {
          done(error as Error);
        }
      },
      final: (done) => {
        // Without a head there was no whole prelude.
        if (this.status !== null) response.end();
        done();
      },
      destroy: (error, done) => {
        // A head that is out cannot be taken back: the caller must see that the rest is missing.
        if (this.status !== null && !response.writableEnded) response.destroy();
        done(error);
      },
    });
    // What went wrong is told by `ended`.
    stream.on('error', () => {});
    this.#closed = once(stream, 'close').catch(() => {});
    return stream;
  };

  /** Resolves when the stream, if one was opened, was ended or destroyed. */
  async ended(): Promise<void> {
    await this.#closed;
  }

  /** @returns what the chunk has of the body. @throws Error for a malformed prelude */
  #begin(prelude: PreludeReader, chunk: Buffer): Buffer {
    const read = prelude.read(chunk);
    if (read === null) return EMPTY;
    const { status, headers } = ofResult({ ...read.prelude, body: read.rest });
    this.#sendHead(status, headers, read.rest.length > 0);
    return read.rest;
  }

  #sendHead(status: number, headers: OutgoingHttpHeaders, bodyFollows = false): void {
    this.status = status;
    withOwn(headers, this.#own);
    this.#response.writeHead(status, headers);
    // With a chunk at hand, both leave together.
    if (!bodyFollows) this.#response.flushHeaders();
  }

  #pass(chunk: Buffer, done: (error?: Error | null) => void): void {
    const response = this.#response;
    if (chunk.length === 0 || response.destroyed || response.write(chunk)) {
      done();
      return;
    }
    const go = (): void => {
      response.off('drain', go).off('close', go);
      done();
    };
    response.once('drain', go).once('close', go);
  }
}
