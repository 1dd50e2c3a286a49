import { HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions, HttpRequest, RequestHandler } from '@smithy/types';
import { LoopbackConnection } from './loopback-connection.ts';

type Handler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/**
 * A client's transport to an endpoint on this machine: HTTP/1.1 by hand, since node:http takes four
 * times the CPU of the rest of a small call (90 µs of 110, with a server that does nothing). What it is
 * not made for, TLS, streams, queries and signals of single calls, it leaves to the SDK's own.
 */
export class LoopbackHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #other: Handler;
  readonly #idle: LoopbackConnection[] = [];
  readonly #all = new Set<LoopbackConnection>();

  constructor(other: Handler) {
    this.#other = other;
  }

  async handle(
    request: HttpRequest,
    options: HttpHandlerOptions = {},
  ): Promise<{ response: HttpResponse }> {
    const text = requestText(request);
    if (
      text === null ||
      options.abortSignal !== undefined ||
      options.requestTimeout !== undefined
    ) {
      return this.#other.handle(request, options);
    }
    const connection = this.#connection(request);
    const { statusCode, headers, body } = await connection.ask(text);
    if (connection.usable) this.#idle.push(connection);
    return { response: new HttpResponse({ statusCode, headers, body }) };
  }

  /** Calls that are under way fail; later ones connect anew. */
  destroy(): void {
    for (const connection of this.#all) connection.destroy();
    this.#other.destroy?.();
  }

  /** One that is idle, or a new one: there are as many as calls at once. */
  #connection({ hostname, port = 80 }: HttpRequest): LoopbackConnection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) return idle;
    }
    const host = hostname.replace(/^\[|\]$/g, '');
    const connection = new LoopbackConnection(host, port, () => this.#all.delete(connection));
    this.#all.add(connection);
    return connection;
  }
}

/** Head and body in one, a character a byte; null where it takes more than this. */
function requestText({ protocol, method, path, query, headers, body }: HttpRequest): string | null {
  if (protocol !== 'http:' || Object.keys(query ?? {}).length > 0) return null;
  const bytes = bytesOf(body);
  if (bytes === null) return null;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (const name in headers) {
    const value = headers[name] as string;
    // node:http says what is wrong with it.
    if (value.includes('\n') || value.includes('\r')) return null;
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n${bytes.toString('latin1')}`;
}

const EMPTY = Buffer.alloc(0);

function bytesOf(body: unknown): Buffer | null {
  if (body === undefined) return EMPTY;
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : null;
}
