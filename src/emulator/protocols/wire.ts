import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { cbor } from '@smithy/core/cbor';

/**
 * How a service's protocol writes answers and errors.
 * `rest-json`: Lambda, X-Ray. `json-1.0`, `json-1.1`: the operation in X-Amz-Target. `cbor`: Smithy
 * RPC v2, the operation in the path.
 */
export type Protocol = 'rest-json' | 'json-1.0' | 'json-1.1' | 'cbor';

/** An error in AWS's terms; thrown by operations, written by the endpoint. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, unknown>;
  /** @param fields Further members of the error's body. */
  constructor(status: number, code: string, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export function unknownOperation(): ServiceError {
  return new ServiceError(
    404,
    'UnknownOperationException',
    'The requested operation is not known.',
  );
}

/** A request whose signature was found right. */
export interface ServiceRequest {
  method: string;
  /** Percent-encoded, as sent. */
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
}

export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  /** An object is written in the service's protocol; a Buffer as it is. */
  body: Record<string, unknown> | Buffer | null;
}

export const CONTENT_TYPES: Record<Protocol, string> = {
  'rest-json': 'application/json',
  'json-1.0': 'application/x-amz-json-1.0',
  'json-1.1': 'application/x-amz-json-1.1',
  cbor: 'application/cbor',
};

export function sendAnswer(
  response: ServerResponse,
  protocol: Protocol,
  answer: ServiceAnswer,
): void {
  const body = encode(protocol, answer.body);
  const headers: Record<string, string | number> = {
    'x-amzn-requestid': randomUUID(),
    ...(protocol === 'cbor' ? { 'smithy-protocol': 'rpc-v2-cbor' } : {}),
    ...(answer.body === null ? {} : { 'content-type': CONTENT_TYPES[protocol] }),
    ...answer.headers,
  };
  if (answer.status !== 204) headers['content-length'] = body.length;
  response.writeHead(answer.status, headers);
  response.end(body);
}

export function sendError(response: ServerResponse, protocol: Protocol, error: ServiceError): void {
  const { status, code, message, fields } = error;
  // Lambda writes `Message`, X-Ray `message`: clients read either.
  const body = { ...fields, message };
  if (protocol === 'rest-json') {
    sendAnswer(response, protocol, { status, headers: { 'x-amzn-errortype': code }, body });
    return;
  }
  const fault = status < 500 ? 'Sender' : 'Receiver';
  const headers = { 'x-amzn-query-error': `${code};${fault}` };
  sendAnswer(response, protocol, { status, headers, body: { __type: code, ...body } });
}

function encode(protocol: Protocol, body: ServiceAnswer['body']): Uint8Array {
  if (body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return protocol === 'cbor' ? cbor.serialize(body) : Buffer.from(JSON.stringify(body));
}

/** The body as an object; an empty one is `{}`. */
export function decode(protocol: Protocol, body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return protocol === 'cbor' ? cbor.deserialize(body) : JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError(400, 'SerializationException', 'The body could not be read.');
  }
}
