import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { TestEmulator } from '../../testing/with-emulator.ts';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As they came, with their case. */
  rawNames: string[];
  body: Buffer;
}

/** A request whose path and headers go out as they are written here, with a connection of its own. */
export function sendRaw(
  url: string,
  method: string,
  asked: { path?: string; headers?: [string, string][]; body?: string | Buffer },
): Promise<RawAnswer> {
  const { hostname, port, host, pathname } = new URL(url);
  const body = asked.body ?? '';
  const headers = [
    ['Host', host],
    ...(asked.headers ?? []),
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Connection', 'close'],
  ].flat();
  return new Promise((resolve, reject) => {
    const path = asked.path ?? pathname;
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode as number,
          headers: response.headers,
          rawNames: response.rawHeaders.filter((_, index) => index % 2 === 0),
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Bytes to a front's port; resolves with all that came back when the connection is closed. */
export function sendBytes(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let came = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      came += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(came));
  });
}

/** The event the function got last. */
export function lastRestEvent(tested: TestEmulator): APIGatewayProxyEvent {
  return lastEvent(tested);
}

/** The event the function got last, of an HTTP API or a function URL. */
export function lastFormat2Event(tested: TestEmulator): APIGatewayProxyEventV2 {
  return lastEvent(tested);
}

export function lastEvent<T>(tested: TestEmulator): T {
  return JSON.parse(Buffer.from(tested.host.requests.at(-1)?.payload ?? 'null').toString());
}
