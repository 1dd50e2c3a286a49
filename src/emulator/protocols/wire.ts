import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cbor, dateToTag } from '@smithy/core/cbor';
import { Instant } from './instant.ts';
import { formOf, xmlAnswer, xmlError } from './query-protocol.ts';

/**
 * How a service's protocol writes answers and errors.
 * `rest-json`: Lambda, X-Ray. `json-1.0`, `json-1.1`: the operation in X-Amz-Target. `cbor`: Smithy
 * RPC v2, the operation in the path. `query`: a form with the operation in Action, answered in XML.
 */
export type Protocol = 'rest-json' | 'json-1.0' | 'json-1.1' | 'cbor' | 'query';

/** An error in AWS's terms; thrown by operations, written by the endpoint. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, unknown>;
  readonly headers: Record<string, string>;
  /** @param fields Further members of the error's body. */
  constructor(
    status: number,
    code: string,
    message: string,
    fields: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.headers = headers;
  }
}

export function unknownOperation(): ServiceError {
  return new ServiceError(404, UNKNOWN, 'The requested operation is not known.');
}

/** In the query protocol AWS calls it InvalidAction. */
const UNKNOWN = 'UnknownOperationException';

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
  /** An object is written in the service's protocol; a Buffer or what a stream gives as it is. */
  body: Record<string, unknown> | Buffer | Readable | null;
  /** Of the query protocol's answer. */
  operation?: string;
}

const CONTENT_TYPES: Record<Protocol, string> = {
  'rest-json': 'application/json',
  'json-1.0': 'application/x-amz-json-1.0',
  'json-1.1': 'application/x-amz-json-1.1',
  cbor: 'application/cbor',
  query: 'text/xml',
};

export async function sendAnswer(
  response: ServerResponse,
  protocol: Protocol,
  answer: ServiceAnswer,
): Promise<void> {
  const requestId = randomUUID();
  const headers: Record<string, string | number> = {
    'x-amzn-requestid': requestId,
    ...(protocol === 'cbor' ? { 'smithy-protocol': 'rpc-v2-cbor' } : {}),
    ...(answer.body === null ? {} : { 'content-type': CONTENT_TYPES[protocol] }),
    ...answer.headers,
  };
  if (answer.body instanceof Readable) {
    response.writeHead(answer.status, headers);
    response.flushHeaders();
    await pipeline(answer.body, response);
    return;
  }
  const body = encode(protocol, answer, requestId);
  if (answer.status !== 204) headers['content-length'] = body.length;
  response.writeHead(answer.status, headers);
  response.end(body);
}

export function sendError(
  response: ServerResponse,
  protocol: Protocol,
  error: ServiceError,
): Promise<void> {
  const { status, code, message, fields } = error;
  const query = QUERY_CODES[code] ?? code;
  if (protocol === 'query') {
    const [shown, named] = code === UNKNOWN ? [400, 'InvalidAction'] : [status, query];
    const body = Buffer.from(xmlError(shown, named, message, randomUUID()));
    const headers = { 'content-type': 'text/xml' };
    return sendAnswer(response, protocol, { status: shown, headers, body });
  }
  // Lambda writes `Message`, X-Ray `message`: clients read either.
  const body = { ...fields, message };
  if (protocol === 'rest-json') {
    const headers = { 'x-amzn-errortype': code, ...error.headers };
    return sendAnswer(response, protocol, { status, headers, body });
  }
  const fault = status < 500 ? 'Sender' : 'Receiver';
  const headers = { 'x-amzn-query-error': `${query};${fault}`, ...error.headers };
  return sendAnswer(response, protocol, { status, headers, body: { __type: code, ...body } });
}

/** What errors are called in the query protocol, and to clients that began with it. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  InvalidParameterValueException: 'InvalidParameterValue',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  MissingRequiredParameterException: 'MissingParameter',
  InternalServiceFault: 'InternalServiceError',
};

function encode(protocol: Protocol, answer: ServiceAnswer, requestId: string): Uint8Array {
  const { body } = answer;
  if (body === null || body instanceof Readable) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  switch (protocol) {
    case 'cbor':
      return cbor.serialize(tagged(body));
    case 'query':
      return Buffer.from(xmlAnswer(answer.operation ?? '', body, requestId));
    default:
      return utf8(JSON.stringify(body));
  }
}

/** A fifth of the time `Buffer.from` takes for a long text. */
function utf8(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** With instants as CBOR has them. */
function tagged(value: unknown): unknown {
  if (value instanceof Instant) return dateToTag(new Date(value.epochS * 1000));
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, tagged(each)]));
}

/** The body as an object; an empty one is `{}`. */
export function decode(protocol: Protocol, body: Buffer): unknown {
  try {
    if (protocol === 'query') return formOf(body.toString('utf8'));
    if (body.length === 0) return {};
    return protocol === 'cbor' ? cbor.deserialize(body) : JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError(400, 'SerializationException', 'The body could not be read.');
  }
}
