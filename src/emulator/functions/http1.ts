import type { Socket } from 'node:net';
import { Head, type RequestHead, trailer } from './http1-head.ts';

/** A request whose body has come. */
export interface Request extends RequestHead {
  /** Complete, or empty where it was larger than the limit or went to a sink. */
  readonly body: Buffer;
  readonly tooLarge: boolean;
  /** Also of trailers. */
  header(name: string): string | undefined;
}

/** Takes a body as it comes. */
export interface BodySink {
  /** False: nothing more is read from the connection until `resume` is called. */
  write(part: Buffer): boolean;
  /** The connection closed before the body was whole. */
  cut(): void;
}

/**
 * Asked for once the head of a request is there whose body may be handed on as it comes: one in chunks,
 * one larger than the limit, or one that says so. null: the body is kept.
 */
export type OpenSink = (head: RequestHead, resume: () => void) => BodySink | null;

/** Answers the request in hand; later requests of the connection wait for it. */
export type Reply = (
  status: number,
  headers: string,
  body: string | Buffer,
  options?: { hold?: boolean },
) => void;

const HEAD_LIMIT = 64 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
const REASONS: Record<number, string> = {
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
};

type Body =
  | { kind: 'length'; left: number }
  | { kind: 'chunk-size' }
  | { kind: 'chunk'; left: number }
  | { kind: 'trailers' };

/**
 * A small HTTP/1.1 server side for the Runtime API, by hand because it is on the path of every
 * invocation: several times less CPU than node:http for the two small requests an invocation takes.
 * Handles split and merged packets, pipelining, chunked bodies with trailers and `Expect`, and hands
 * bodies on as they come where that is asked for.
 * @param bodyLimit bytes of a body beyond which it is read but not kept
 * @param handle called once per request, when its body is whole; must call `reply` once, now or later
 */
export function serveConnection(
  socket: Socket,
  bodyLimit: number,
  handle: (request: Request, reply: Reply) => void,
  openSink: OpenSink = () => null,
): void {
  const connection = new Connection(socket, bodyLimit, handle, openSink);
  socket.setNoDelay(true);
  socket.on('data', (chunk) => connection.receive(chunk));
  socket.on('error', () => socket.destroy());
  socket.once('close', () => connection.closed());
}

class Connection {
  readonly #socket: Socket;
  readonly #bodyLimit: number;
  readonly #handle: (request: Request, reply: Reply) => void;
  readonly #openSink: OpenSink;
  #pending: Buffer = EMPTY;
  #held: Buffer[] = [];
  #waiting = false;
  /** What came was no HTTP: what still comes is not kept. */
  #failed = false;
  #reading = false;
  #sink: BodySink | null = null;
  /** The sink takes no more for now. */
  #full = false;
  #head: Head | null = null;
  #body: Body = { kind: 'length', left: 0 };
  #parts: Buffer[] = [];
  #size = 0;
  #trailers = '';

  constructor(
    socket: Socket,
    bodyLimit: number,
    handle: (request: Request, reply: Reply) => void,
    openSink: OpenSink,
  ) {
    this.#socket = socket;
    this.#bodyLimit = bodyLimit;
    this.#handle = handle;
    this.#openSink = openSink;
  }

  receive(chunk: Buffer): void {
    if (this.#failed) return;
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#advance();
  }

  closed(): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.cut();
  }

  #advance(): void {
    // A reply inside #handle leads back here: one loop is enough.
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#waiting && !this.#full && this.#step());
    this.#reading = false;
  }

  #resume(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#socket.resume();
    this.#advance();
  }

  /** Takes one element off the pending bytes; false where more must arrive first. */
  #step(): boolean {
    if (this.#head === null) return this.#readHead();
    const body = this.#body;
    switch (body.kind) {
      case 'length':
        if (!this.#take(body)) return false;
        return this.#finish();
      case 'chunk':
        if (!this.#take(body)) return false;
        this.#body = { kind: 'chunk-size' };
        return true;
      case 'chunk-size': {
        const line = this.#line();
        // A chunk's own end of line comes before the next size.
        if (line === '') return true;
        if (line === null) return false;
        const size = /^[0-9a-fA-F]{1,12}/.exec(line);
        if (size === null) return this.#fail();
        const left = Number.parseInt(size[0], 16);
        this.#body = left === 0 ? { kind: 'trailers' } : { kind: 'chunk', left };
        return true;
      }
      case 'trailers': {
        const line = this.#line();
        if (line === null) return false;
        if (line === '') return this.#finish();
        this.#trailers += `\r\n${line}`;
        return this.#trailers.length <= HEAD_LIMIT || this.#fail();
      }
    }
  }

  #readHead(): boolean {
    const pending = this.#pending;
    const end = pending.indexOf(END_OF_HEAD);
    if (end < 0) return pending.length > HEAD_LIMIT && this.#fail();
    const text = pending.toString('latin1', 0, end);
    this.#pending = pending.subarray(end + 4);
    const head = Head.of(text);
    if (head === null) return this.#fail();
    this.#head = head;
    this.#body = head.chunked ? { kind: 'chunk-size' } : { kind: 'length', left: head.length };
    if (head.chunked || head.length > this.#bodyLimit || head.streamed) {
      this.#sink = this.#openSink(head, () => this.#resume());
    }
    if (head.expectsContinue) {
      // After the answer before it, where that was held for this request.
      this.#held.push(CONTINUE);
      this.#sendHeld();
    }
    return true;
  }

  /** Moves body bytes over; true once `left` are there. */
  #take(body: { left: number }): boolean {
    if (body.left > 0 && this.#pending.length > 0) {
      const part = this.#pending.subarray(0, body.left);
      this.#pending = this.#pending.subarray(part.length);
      body.left -= part.length;
      if (this.#sink !== null) {
        if (!this.#sink.write(part)) {
          this.#full = true;
          this.#socket.pause();
        }
        return body.left === 0;
      }
      this.#size += part.length;
      if (this.#size <= this.#bodyLimit) this.#parts.push(part);
      else this.#parts.length = 0;
    }
    return body.left === 0;
  }

  #line(): string | null {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0) {
      if (this.#pending.length > HEAD_LIMIT) this.#fail();
      return null;
    }
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    return line;
  }

  #finish(): true {
    const head = this.#head;
    if (head === null) throw new Error('a body without a head');
    const { method, path, keepAlive } = head;
    const trailers = this.#trailers;
    const tooLarge = this.#size > this.#bodyLimit;
    const [only] = this.#parts;
    const body =
      tooLarge || only === undefined
        ? EMPTY
        : this.#parts.length === 1
          ? only
          : Buffer.concat(this.#parts);
    this.#head = null;
    this.#sink = null;
    this.#parts = [];
    this.#size = 0;
    this.#trailers = '';
    this.#waiting = true;
    let replied = false;
    this.#handle(
      {
        method,
        path,
        body,
        tooLarge,
        header: (name) => head.header(name) ?? trailer(trailers, name),
      },
      (status, headers, content, options) => {
        if (replied) return;
        replied = true;
        this.#reply(status, headers, content, keepAlive, options?.hold === true);
      },
    );
    return true;
  }

  #reply(
    status: number,
    headers: string,
    content: string | Buffer,
    keepAlive: boolean,
    hold: boolean,
  ): void {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const head = Buffer.from(
      `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n${headers}` +
        `Content-Length: ${body.length}\r\n${keepAlive ? '' : 'Connection: close\r\n'}\r\n`,
      'latin1',
    );
    this.#held.push(head, body);
    this.#waiting = false;
    // A client that has sent its next request already waits for that one's answer: one write less.
    if (!(hold && keepAlive && this.#pending.length > 0)) {
      this.#sendHeld();
    }
    if (!keepAlive) this.#socket.end();
    this.#advance();
  }

  #sendHeld(): void {
    this.#socket.write(Buffer.concat(this.#held));
    this.#held = [];
  }

  #fail(): false {
    this.closed();
    this.#failed = true;
    this.#waiting = true;
    this.#pending = EMPTY;
    this.#sendHeld();
    this.#socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return false;
  }
}
