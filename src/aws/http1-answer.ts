/** The head of an HTTP/1.1 answer, with what it says of its body and its connection. */
export interface AnswerHead {
  statusCode: number;
  /** Names in lower case; of a name that comes again the values are joined by commas. */
  headers: Record<string, string>;
  /** Bytes of the body; null where it comes in chunks, or ends with the connection. */
  length: number | null;
  chunked: boolean;
  keepAlive: boolean;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const MOST_HEAD_BYTES = 64 * 1024;
/** More than any answer of an AWS API: what is told to be longer is no length. */
const MOST_BODY_BYTES = 256 * 1024 * 1024;
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;

/** Where the body begins; below zero while the head is not whole. */
export function endOfHead(bytes: Buffer): number {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0 && bytes.length > MOST_HEAD_BYTES)
    throw new Error('the head of an answer is too long');
  return end < 0 ? -1 : end + END_OF_HEAD.length;
}

/** Throws where it is no head of an answer. */
export function parseHead(bytes: Buffer, end: number): AnswerHead {
  const lines = bytes.toString('latin1', 0, end - END_OF_HEAD.length).split('\r\n');
  const status = STATUS_LINE.exec(lines[0] as string);
  if (status === null) throw new Error('what was answered is no HTTP/1.1');
  const headers: Record<string, string> = {};
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error('a header of an answer is malformed');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  const statusCode = Number(status[2]);
  const connection = headers.connection?.toLowerCase();
  const chunked = headers['transfer-encoding']?.toLowerCase().includes('chunked') === true;
  const length = chunked ? null : lengthOf(statusCode, headers['content-length']);
  return {
    statusCode,
    headers,
    length,
    chunked,
    keepAlive:
      (length !== null || chunked) &&
      (status[1] === '1' ? connection !== 'close' : connection === 'keep-alive'),
  };
}

function lengthOf(statusCode: number, told: string | undefined): number | null {
  if (statusCode === 204 || statusCode === 304) return 0;
  if (told === undefined) return null;
  if (!/^\d{1,12}$/.test(told) || Number(told) > MOST_BODY_BYTES) {
    throw new Error(`an answer says that it has ${told.slice(0, 32)} bytes`);
  }
  return Number(told);
}

/** The body that came in chunks; null while it is not whole. */
export function dechunked(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const told = bytes.toString('latin1', at, lineEnd).split(';', 1)[0]?.trim() ?? '';
    if (!/^[0-9a-f]{1,8}$/i.test(told)) throw new Error('a chunk of an answer has no length');
    const length = Number.parseInt(told, 16);
    at = lineEnd + 2;
    if (length === 0) {
      // Trailers end with an empty line, as a head does.
      const trailersEnd = bytes.indexOf(END_OF_HEAD, lineEnd);
      return trailersEnd < 0 ? null : Buffer.concat(parts);
    }
    if (bytes.length < at + length + 2) return null;
    parts.push(bytes.subarray(at, at + length));
    at += length + 2;
  }
}
