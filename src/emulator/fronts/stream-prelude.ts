import {
  type AnswerHeaders,
  addHeaders,
  cookiesOf,
  HeaderList,
  isObject,
} from './answer-headers.ts';
import { statusOf } from './proxy-result.ts';

/** Of a stream that begins with status and headers. */
export const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

/** Between the prelude and the body. */
const DELIMITER = Buffer.alloc(8);
/** Of the emulator's own: a stream that has not come to its body by then never will. */
const PRELUDE_BYTES = 1024 * 1024;

export interface Prelude {
  status: number;
  headers: AnswerHeaders;
  cookies: string[];
}

/**
 * Cuts the prelude off a stream: JSON of statusCode, headers and cookies, then eight NUL bytes.
 * Source: AWS's runtime clients write it (aws-lambda-nodejs-runtime-interface-client,
 * HttpResponseStream.js; aws-lambda-go, events.LambdaFunctionURLStreamingResponse).
 */
export class PreludeReader {
  #held: Buffer = Buffer.alloc(0);

  /**
   * @returns null until the prelude is whole; then it and what came of the body
   * @throws Error where it is none
   */
  read(chunk: Buffer): { prelude: Prelude; rest: Buffer } | null {
    // The delimiter may have begun in the chunk before.
    const from = Math.max(0, this.#held.length - DELIMITER.length + 1);
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const at = this.#held.indexOf(DELIMITER, from);
    if (at < 0) {
      if (this.#held.length > PRELUDE_BYTES) throw new Error('the prelude does not end');
      return null;
    }
    const prelude = preludeOf(this.#held.subarray(0, at));
    return { prelude, rest: this.#held.subarray(at + DELIMITER.length) };
  }
}

function preludeOf(bytes: Buffer): Prelude {
  const metadata: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isObject(metadata)) throw new Error('the prelude is no object');
  const headers = new HeaderList('remap');
  const status = metadata.statusCode === undefined ? 200 : statusOf(metadata.statusCode);
  const cookies = cookiesOf(metadata.cookies);
  if (status === null || cookies === null || !addHeaders(headers, metadata.headers)) {
    throw new Error('the prelude is malformed');
  }
  if (!headers.has('content-type')) headers.set('Content-Type', 'application/octet-stream');
  return { status, headers: headers.all(), cookies };
}
