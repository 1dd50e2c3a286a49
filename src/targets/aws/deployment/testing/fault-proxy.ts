import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One call of an AWS client. */
export interface Call {
  /** `DescribeStacks`, `Logs_20140328.DeleteLogGroup`, `PUT /bucket/key`. */
  action: string;
  /** Of CloudFormation: its parameters. */
  parameters: URLSearchParams;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string | Buffer;
}

/** What becomes of a call; `drop`: its connection ends without an answer. */
export type Fault = (call: Call, forward: () => Promise<Answer>) => Promise<Answer | 'drop'>;

export interface FaultProxy {
  /** `http://localhost:port` */
  endpoint: string;
  /** Actions that came since the last `clear`, in order. */
  calls: string[];
  /** null: everything passes. */
  fault: Fault | null;
  stop(): void;
}

/** Stands before a server on a port of 127.0.0.1 and spoils what it is told to. */
export async function startFaultProxy(port: number): Promise<FaultProxy> {
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const call = callOf(incoming, body);
    proxy.calls.push(call.action);
    const forward = () => forwarded(port, incoming, body);
    const answer = await (proxy.fault === null ? forward() : proxy.fault(call, forward)).catch(
      () => 'drop' as const,
    );
    if (answer === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
    response.writeHead(answer.status, {
      ...headers,
      ...(incoming.method !== 'HEAD' && { 'content-length': Buffer.byteLength(answer.body) }),
    });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls: [],
    fault: null,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

function callOf({ method, url = '/', headers }: IncomingMessage, body: Buffer): Call {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const parameters = new URLSearchParams(isForm ? body.toString() : '');
  const target = headers['x-amz-target'];
  const action = parameters.get('Action') ?? (target === undefined ? `${method} ${url}` : target);
  return { action: String(action), parameters };
}

function forwarded(port: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    const { expect: _, 'transfer-encoding': __, ...rest } = headers;
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: url,
        headers: { ...rest, connection: 'close', 'content-length': body.length },
      },
      (answer) => {
        buffer(answer).then(
          (read) =>
            resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** An error as AWS's query protocol (CloudFormation, STS) tells it. */
export function queryError(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
  };
}

/** The same as S3 tells it. */
export function s3Error(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
