import type { Socket } from 'node:net';

/**
 * A small HTTP/1.1 server side for the Runtime API, by hand because it is on the path of every
 * invocation: several times less CPU than node:http for the two small requests an invocation takes.
 * Handles split and merged packets, pipelining, chunked bodies with trailers and `Expect`.
 */
export interface Request {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Complete, or empty where it was larger than the limit. */
  readonly body: Buffer;
  readonly tooLarge: boolean;
  /** Value of a header or trailer; case-insensitive. */
  header(name: string): string | undefined;
}

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
 * @param bodyLimit bytes of a body beyond which it is read but not kept
 * @param handle called once per request; must call `reply` once, now or later
 */
export function serveConnection(
  socket: Socket,
  bodyLimit: number,
  handle: (request: Request, reply: Reply) => void,
): void {
  const connection = new Connection(socket, bodyLimit, handle);
  socket.setNoDelay(true);
  socket.on('data', (chunk) => connection.receive(chunk));
  socket.on('error', () => socket.destroy());
}

class Connection {
  readonly #socket: Socket;
  readonly #bodyLimit: number;
  readonly #handle: (request: Request, reply: Reply) => void;
  #pending: Buffer = EMPTY;
  #held: Buffer[] = [];
  #waiting = false;
  #reading = false;
  #head: { method: string; path: string; text: string; lower: string; keepAlive: boolean } | null =
    null;
  #body: Body = { kind: 'length', left: 0 };
  #parts: Buffer[] = [];
  #size = 0;
  #trailers = '';

  constructor(socket: Socket, bodyLimit: number, handle: (request: Request, reply: Reply) => void) {
    this.#socket = socket;
    this.#bodyLimit = bodyLimit;
    this.#handle = handle;
  }

  receive(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#advance();
  }

  #advance(): void {
    // A reply inside #handle leads back here: one loop is enough.
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#waiting && this.#step());
    this.#reading = false;
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
    const lineEnd = text.indexOf('\r\n');
    const [method, target, version] = (lineEnd < 0 ? text : text.slice(0, lineEnd)).split(' ');
    if (method === undefined || target === undefined || version?.startsWith('HTTP/1.') !== true) {
      return this.#fail();
    }
    const query = target.indexOf('?');
    const lower = text.toLowerCase();
    const connection = field(text, lower, 'connection')?.toLowerCase();
    this.#head = {
      method,
      path: query < 0 ? target : target.slice(0, query),
      text,
      lower,
      keepAlive: version === 'HTTP/1.0' ? connection === 'keep-alive' : connection !== 'close',
    };
    const length = field(text, lower, 'content-length');
    if (field(text, lower, 'transfer-encoding')?.toLowerCase().includes('chunked')) {
      this.#body = { kind: 'chunk-size' };
    } else if (length !== undefined && !/^\d{1,12}$/.test(length)) {
      return this.#fail();
    } else {
      this.#body = { kind: 'length', left: Number(length ?? 0) };
    }
    if (lower.includes('\r\nexpect: 100-continue')) {
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
    const { text, lower, keepAlive } = head;
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
    this.#parts = [];
    this.#size = 0;
    this.#trailers = '';
    this.#waiting = true;
    let replied = false;
    this.#handle(
      {
        method: head.method,
        path: head.path,
        body,
        tooLarge,
        header: (name) =>
          field(text, lower, name) ??
          (trailers === '' ? undefined : field(trailers, trailers.toLowerCase(), name)),
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
    this.#waiting = true;
    this.#pending = EMPTY;
    this.#sendHeld();
    this.#socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return false;
  }
}

/** `text` begins with a line that is not a header. */
function field(text: string, lower: string, name: string): string | undefined {
  const at = lower.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = text.indexOf('\r\n', start);
  return (end < 0 ? text.slice(start) : text.slice(start, end)).trim();
}
