import { connect, type Socket } from 'node:net';
import { afterSends } from './datagrams.ts';

const [host = '127.0.0.1', port = '0'] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const RUNTIME = '/2018-06-01/runtime';
const HOST_LINE = `Host: ${host}:${port}\r\n`;
const NEXT_LINES = `GET ${RUNTIME}/invocation/next HTTP/1.1\r\n${HOST_LINE}`;
/** The request for the next invocation; posted with the response before it. */
export const NEXT = `${NEXT_LINES}\r\n`;

/** The first of them, which also tells how long loading the handler took. */
export function firstNext(loadUs: number): string {
  return `${NEXT_LINES}Bench-Handler-Load-Us: ${loadUs}\r\n\r\n`;
}

export interface Message {
  headers: Map<string, string>;
  body: Buffer;
}

export let socket!: Socket;
let received: Buffer = Buffer.alloc(0);

/** One connection for all; `onMessage` gets every answer. */
export function open(onMessage: (message: Message) => void): void {
  socket = connect({ host, port: Number(port), noDelay: true });
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let message = take(); message !== null; message = take()) onMessage(message);
  });
  // The service has hung up: what is still being sent goes out, then the environment ends.
  const finish = (): void => afterSends(() => process.exit(0));
  socket.on('end', finish);
  socket.on('error', finish);
}

function take(): Message | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const headers = new Map<string, string>();
  for (const line of received.toString('latin1', 0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const last = end + 4 + Number(headers.get('content-length') ?? 0);
  if (received.length < last) return null;
  const body = received.subarray(end + 4, last);
  received = received.subarray(last);
  return { headers, body };
}

export function post(path: string, body: string, errorType: string | null, then: string): void {
  const type = errorType === null ? '' : `Lambda-Runtime-Function-Error-Type: ${errorType}\r\n`;
  const head = `POST ${RUNTIME}/${path} HTTP/1.1\r\n${HOST_LINE}Content-Type: application/json\r\n${type}`;
  socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}${then}`);
}

/** The head of a response that comes in chunks. */
export function beginChunks(path: string, contentType: string): void {
  socket.write(
    `POST ${RUNTIME}/${path} HTTP/1.1\r\n${HOST_LINE}Content-Type: ${contentType}\r\n` +
      'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n' +
      'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n',
  );
}

/** @param sent called once it has left: the service reads no faster than its caller */
export function writeChunk(chunk: Buffer, sent: () => void): void {
  socket.cork();
  socket.write(`${chunk.length.toString(16)}\r\n`);
  socket.write(chunk);
  socket.write('\r\n', sent);
  socket.uncork();
}

/** @param trailers lines, each with its line break */
export function endChunks(trailers: string): void {
  socket.write(`0\r\n${trailers}\r\n`);
}
