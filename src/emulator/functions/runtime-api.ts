import { createServer, type Server, type Socket } from 'node:net';
import { ToolError } from '../../base/errors.ts';
import { type BodySink, type Reply, type Request, serveConnection } from './http1.ts';
import type { RequestHead } from './http1-head.ts';
import {
  answer,
  JSON_TYPE,
  PAYLOAD_LIMIT_BYTES,
  REPORT_STATES,
  refuse,
  refuseMethod,
  type Verdict,
} from './runtime-answers.ts';
import { errorOf, INVALID_MODE, type RuntimeError, trailedError } from './runtime-reports.ts';

/** What `next` is answered with. */
export interface RuntimeInvocation {
  requestId: string;
  deadlineMs: number;
  traceHeader: string;
  functionArn: string;
  clientContext: string | null;
  payload: Uint8Array;
}

/** What a runtime tells its environment. */
export interface RuntimeListener {
  /**
   * It asks for an invocation; one that is answering may not.
   * @param loadUs of the first: how long the handler took to load; null where it does not say.
   */
  next(loadUs: number | null): Verdict;
  response(requestId: string, payload: Buffer): Verdict;
  responseTooLarge(requestId: string): Verdict;
  error(requestId: string, error: RuntimeError): Verdict;
  initError(error: RuntimeError): Verdict;
  /** A response begins to come in parts. null: it is to be taken whole, as any other. */
  stream(requestId: string, contentType: string, resume: () => void): BodySink | null;
  /** The response of that stream is whole. error: what the runtime adds that it is not. */
  streamed(error: RuntimeError | null): 'accepted' | 'too_large';
}

/** The Runtime API of one environment, on a loopback port of its own. */
export interface RuntimeApi {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Answers the waiting `next`; false where none waits. */
  deliver(invocation: RuntimeInvocation): boolean;
  /** Ends its connections: the sign for our own bootstrap to finish. */
  hangUp(): void;
  close(): void;
}

const PREFIX = '/2018-06-01/runtime/';

export function openRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  return new Promise((resolve, reject) => {
    const api = new LoopbackRuntimeApi(listener);
    // Later ones are of single connections: not to be thrown.
    api.server.on('error', (error) => {
      reject(new ToolError(`cannot listen on 127.0.0.1 for the Runtime API: ${error.message}`));
    });
    api.server.listen(0, '127.0.0.1', () => {
      api.begin();
      resolve(api);
    });
  });
}

class LoopbackRuntimeApi implements RuntimeApi {
  readonly server: Server;
  address = '';
  #localName = '';
  readonly #listener: RuntimeListener;
  readonly #sockets = new Set<Socket>();
  #next: { reply: Reply; socket: Socket } | null = null;
  #delivered: RuntimeInvocation | null = null;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        if (this.#next?.socket === socket) this.#next = null;
      });
      const place = { socket, streams: false };
      serveConnection(
        socket,
        PAYLOAD_LIMIT_BYTES,
        (request, reply) => this.#handle(request, reply, place),
        (head, resume) => this.#stream(head, resume, place),
      );
    });
  }

  begin(): void {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.address = `127.0.0.1:${address.port}`;
    this.#localName = `localhost:${address.port}`;
  }

  deliver(invocation: RuntimeInvocation): boolean {
    const next = this.#next;
    if (next === null) return false;
    this.#next = null;
    this.#delivered = invocation;
    const context =
      invocation.clientContext === null
        ? ''
        : `Lambda-Runtime-Client-Context: ${oneLine(invocation.clientContext)}\r\n`;
    next.reply(
      200,
      `${JSON_TYPE}Lambda-Runtime-Aws-Request-Id: ${invocation.requestId}\r\n` +
        `Lambda-Runtime-Deadline-Ms: ${invocation.deadlineMs}\r\n` +
        `Lambda-Runtime-Trace-Id: ${oneLine(invocation.traceHeader)}\r\n` +
        `Lambda-Runtime-Invoked-Function-Arn: ${invocation.functionArn}\r\n${context}`,
      asBuffer(invocation.payload),
    );
    return true;
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.end();
  }

  close(): void {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #handle(request: Request, reply: Reply, place: Place): void {
    const host = request.header('host');
    if (host !== undefined && host !== this.address && host !== this.#localName) {
      refuse(reply, 403, 'InvalidHost', 'this server is for its environment only');
      return;
    }
    const { path, method } = request;
    const route = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
    if (route === 'invocation/next') {
      if (method !== 'GET') refuseMethod(reply);
      else this.#onNext(request, reply, place.socket);
      return;
    }
    const invocation = INVOCATION.exec(route);
    if (invocation === null && route !== 'init/error') {
      refuse(reply, 404, 'ResourceNotFound', `Path not found: ${path}`);
      return;
    }
    if (method !== 'POST') {
      refuseMethod(reply);
      return;
    }
    const verdict =
      invocation === null
        ? this.#listener.initError(errorOf(request))
        : this.#onReport(invocation[1] ?? '', invocation[2] ?? '', request, place);
    answer(reply, verdict, invocation === null ? 'InitError' : REPORT_STATES[invocation[2] ?? '']);
  }

  #onNext(request: Request, reply: Reply, socket: Socket): void {
    const load = request.header('bench-handler-load-us');
    this.#next = { reply, socket };
    const known = load !== undefined && /^\d{1,12}$/.test(load);
    const verdict = this.#listener.next(known ? Number(load) : null);
    if (verdict === 'accepted') return;
    // Asked again before it answered: it gets the same invocation once more.
    if (verdict === 'Running' && this.#delivered !== null) this.deliver(this.#delivered);
    else {
      this.#next = null;
      answer(reply, verdict, 'Ready');
    }
  }

  #onReport(
    requestId: string,
    verb: string,
    request: Request,
    place: Place,
  ): Verdict | 'too_large' | 'invalid_mode' {
    const trailed = verb === 'response' ? trailedError(request) : null;
    if (place.streams) {
      place.streams = false;
      return this.#listener.streamed(trailed);
    }
    if (request.tooLarge) {
      const verdict = this.#listener.responseTooLarge(requestId);
      return verdict === 'accepted' ? 'too_large' : verdict;
    }
    if (verb === 'error') return this.#listener.error(requestId, errorOf(request));
    const mode = request.header(MODE);
    if (mode !== undefined && mode !== 'streaming') {
      const verdict = this.#listener.error(requestId, INVALID_MODE);
      return verdict === 'accepted' ? 'invalid_mode' : verdict;
    }
    return trailed === null
      ? this.#listener.response(requestId, request.body)
      : this.#listener.error(requestId, trailed);
  }

  /**
   * Who invoked decides whether a response is streamed, not who responds: Go's client says nothing of
   * it and sends all it has in chunks. Source: sendStreamingInvokeResponse of AWS's Runtime Interface
   * Emulator (directinvoke.go).
   */
  #stream(head: RequestHead, resume: () => void, place: Place): BodySink | null {
    if (head.method !== 'POST' || (head.header(MODE) ?? 'streaming') !== 'streaming') return null;
    const host = head.header('host');
    if (host !== undefined && host !== this.address && host !== this.#localName) return null;
    const { path } = head;
    const [, requestId, verb] = INVOCATION.exec(
      path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '',
    ) ?? [null, '', ''];
    if (verb !== 'response' || requestId === undefined) return null;
    const said = head.header('content-type');
    const contentType = said !== undefined && FIELD_VALUE.test(said) ? said : BYTES_TYPE;
    const sink = this.#listener.stream(requestId, contentType, resume);
    place.streams = sink !== null;
    return sink;
  }
}

/** A connection, and whether the request in hand goes to a stream. */
interface Place {
  readonly socket: Socket;
  streams: boolean;
}

const INVOCATION = /^invocation\/([^/]+)\/(response|error)$/;
const MODE = 'lambda-runtime-function-response-mode';
const BYTES_TYPE = 'application/octet-stream';
/** What a caller can be sent as a header's value (RFC 9110, 5.5): a runtime can say anything. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Header values come from callers: no line may begin inside one. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
