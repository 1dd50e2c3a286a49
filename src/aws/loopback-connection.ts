import { connect, type Socket } from 'node:net';
import { type AnswerHead, dechunked, endOfHead, parseHead } from './http1-answer.ts';

const READ_BYTES = 64 * 1024;
/** Without a byte, while a call waits for its answer. */
const SILENT_MS = 60_000;

export interface Answer {
  statusCode: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

interface Call {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** A connection kept alive, with one call at a time. */
export class LoopbackConnection {
  readonly #socket: Socket;
  #call: Call | null = null;
  #head: AnswerHead | null = null;
  /** Of the body, where its length is known; else of what came. */
  #body: Buffer = Buffer.alloc(0);
  #filled = 0;

  /** @param closed called once, when it is of no more use */
  constructor(host: string, port: number, closed: () => void) {
    // One buffer for all reads: new ones would be garbage outside of the heap.
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#received(buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.setTimeout(SILENT_MS, () => {
      this.#socket.destroy(
        Object.assign(new Error(`no answer within ${SILENT_MS / 1000} s`), {
          name: 'TimeoutError',
        }),
      );
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => {
      closed();
      this.#fail(
        Object.assign(new Error('the connection was closed before the answer was whole'), {
          code: 'ECONNRESET',
        }),
      );
    });
  }

  /** Whether the next call may be made. */
  get usable(): boolean {
    return this.#call === null && !this.#socket.destroyed;
  }

  /**
   * Rejects with the socket's error, or ECONNRESET.
   * @param request a character a byte
   */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#call = { resolve, reject };
      this.#head = null;
      this.#body = Buffer.alloc(0);
      this.#filled = 0;
      this.#socket.write(request, 'latin1');
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #received(bytes: Buffer): void {
    try {
      // Whatever it is, the next answer would not be known from it.
      if (this.#call === null) throw new Error('nothing was asked');
      this.#take(bytes);
    } catch (error) {
      this.#fail(error);
      this.destroy();
    }
  }

  #take(bytes: Buffer): void {
    const head = this.#head;
    if (head !== null && head.length !== null) {
      this.#body.set(bytes, this.#filled);
      this.#filled += bytes.length;
      if (this.#filled === head.length) this.#answer(this.#body);
      return;
    }
    this.#body = this.#body.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#body, bytes]);
    if (head === null) this.#takeHead();
    else if (head.chunked) this.#takeChunks();
  }

  #takeHead(): void {
    let head: AnswerHead;
    do {
      const end = endOfHead(this.#body);
      if (end < 0) return;
      head = parseHead(this.#body, end);
      this.#body = this.#body.subarray(end);
      // Below 200 it only announces the answer.
    } while (head.statusCode < 200);
    this.#head = head;
    const { length } = head;
    if (length === this.#body.length) this.#answer(this.#body);
    else if (length !== null) {
      const began = this.#body;
      this.#body = Buffer.allocUnsafeSlow(length);
      this.#body.set(began);
      this.#filled = began.length;
    } else if (head.chunked) this.#takeChunks();
  }

  #takeChunks(): void {
    const body = dechunked(this.#body);
    if (body !== null) this.#answer(body);
  }

  /** The end of the connection is that of a body whose length is not told. */
  #ended(): void {
    const head = this.#head;
    if (head !== null && head.length === null && !head.chunked) this.#answer(this.#body);
  }

  #answer(body: Buffer): void {
    const call = this.#call;
    const head = this.#head;
    if (call === null || head === null) return;
    this.#call = null;
    this.#head = null;
    if (!head.keepAlive) this.destroy();
    call.resolve({ statusCode: head.statusCode, headers: head.headers, body });
  }

  #fail(error: unknown): void {
    const call = this.#call;
    this.#call = null;
    call?.reject(error);
  }
}
