import { createServer, type Server, type Socket } from 'node:net';
import { ToolError } from '../../base/errors.ts';
import { INVOKE_BYTES } from '../payload-limits.ts';
import { type Reply, type Request, serveConnection } from './http1.ts';

/** With 100 bytes for the envelope. */
export const PAYLOAD_LIMIT_BYTES = INVOKE_BYTES + 100;

/** What `next` is answered with. */
export interface RuntimeInvocation {
  requestId: string;
  deadlineMs: number;
  traceHeader: string;
  functionArn: string;
  clientContext: string | null;
  payload: Uint8Array;
}

export interface RuntimeError {
  errorType: string;
  payload: Buffer;
}

/** What a runtime tells its environment. The methods that return a boolean say if the id is known. */
export interface RuntimeListener {
  /** @param loadUs of the first: how long the handler took to load; null where it does not say. */
  next(loadUs: number | null): void;
  response(requestId: string, payload: Buffer): boolean;
  responseTooLarge(requestId: string): boolean;
  error(requestId: string, error: RuntimeError): boolean;
  initError(error: RuntimeError): void;
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
const JSON_TYPE = 'Content-Type: application/json\r\n';
const ACCEPTED = '{"status":"OK"}\n';

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

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        if (this.#next?.socket === socket) this.#next = null;
      });
      serveConnection(socket, PAYLOAD_LIMIT_BYTES, (request, reply) =>
        this.#handle(request, reply, socket),
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

  #handle(request: Request, reply: Reply, socket: Socket): void {
    const host = request.header('host');
    if (host !== undefined && host !== this.address && host !== this.#localName) {
      refuse(reply, 403, 'InvalidHost', 'this server is for its environment only');
      return;
    }
    const { path, method } = request;
    const route = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
    if (route === 'invocation/next') {
      if (method !== 'GET') refuseMethod(reply);
      else {
        this.#next = { reply, socket };
        const load = request.header('bench-handler-load-us');
        this.#listener.next(load !== undefined && /^\d{1,12}$/.test(load) ? Number(load) : null);
      }
      return;
    }
    const invocation = /^invocation\/([^/]+)\/(response|error)$/.exec(route);
    if (invocation === null && route !== 'init/error') {
      refuse(reply, 404, 'ResourceNotFound', `Path not found: ${path}`);
      return;
    }
    if (method !== 'POST') {
      refuseMethod(reply);
      return;
    }
    if (invocation === null) {
      this.#listener.initError(errorOf(request));
      reply(202, JSON_TYPE, ACCEPTED);
      return;
    }
    const [, requestId = '', verb] = invocation;
    if (request.tooLarge) {
      this.#listener.responseTooLarge(requestId);
      const limit = `Exceeded maximum allowed payload size (${PAYLOAD_LIMIT_BYTES} bytes).`;
      refuse(reply, 413, 'RequestEntityTooLarge', limit);
      return;
    }
    const known =
      verb === 'response'
        ? this.#listener.response(requestId, request.body)
        : this.#listener.error(requestId, errorOf(request));
    if (known) reply(202, JSON_TYPE, ACCEPTED, { hold: true });
    else refuse(reply, 400, 'InvalidRequestID', 'Invalid request ID');
  }
}

function errorOf(request: Request): RuntimeError {
  return {
    errorType: request.header('lambda-runtime-function-error-type') ?? 'Unhandled',
    payload: request.body,
  };
}

function refuse(reply: Reply, status: number, errorType: string, errorMessage: string): void {
  reply(status, JSON_TYPE, `${JSON.stringify({ errorMessage, errorType })}\n`);
}

function refuseMethod(reply: Reply): void {
  refuse(reply, 405, 'MethodNotAllowed', 'Method not allowed');
}

/** Header values come from callers: no line may begin inside one. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
