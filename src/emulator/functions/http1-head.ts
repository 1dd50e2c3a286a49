/** What a request says before its body. */
export interface RequestHead {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Value of a header; case-insensitive. */
  header(name: string): string | undefined;
}

/** How a runtime says that it streams. */
const STREAMED = '\r\nlambda-runtime-function-response-mode:';
const EXPECTS = '\r\nexpect: 100-continue';

/** The head of an HTTP/1.1 request, with what it says of its body and its connection. */
export class Head implements RequestHead {
  readonly method: string;
  readonly path: string;
  readonly keepAlive: boolean;
  /** Its body comes in chunks; `length` says nothing then. */
  readonly chunked: boolean;
  /** Bytes of its body. */
  readonly length: number;
  readonly #text: string;
  readonly #lower: string;

  private constructor(text: string, lower: string, line: RequestLine, body: BodyLength) {
    const { method, target, version } = line;
    const query = target.indexOf('?');
    const connection = field(text, lower, 'connection')?.toLowerCase();
    this.#text = text;
    this.#lower = lower;
    this.method = method;
    this.path = query < 0 ? target : target.slice(0, query);
    this.keepAlive = version === 'HTTP/1.0' ? connection === 'keep-alive' : connection !== 'close';
    this.chunked = body.chunked;
    this.length = body.length;
  }

  /** @returns null where the text is no head of a request */
  static of(text: string): Head | null {
    const lineEnd = text.indexOf('\r\n');
    const [method, target, version] = (lineEnd < 0 ? text : text.slice(0, lineEnd)).split(' ');
    if (method === undefined || target === undefined || version?.startsWith('HTTP/1.') !== true) {
      return null;
    }
    const lower = text.toLowerCase();
    const length = field(text, lower, 'content-length') ?? '0';
    const encoding = field(text, lower, 'transfer-encoding')?.toLowerCase();
    const chunked = encoding?.includes('chunked') === true;
    if (!chunked && !/^\d{1,12}$/.test(length)) return null;
    const body = { chunked, length: Number(length) };
    return new Head(text, lower, { method, target, version }, body);
  }

  header(name: string): string | undefined {
    return field(this.#text, this.#lower, name);
  }

  /** It says that its response streams. */
  get streamed(): boolean {
    return this.#lower.includes(STREAMED);
  }

  /** Its body comes once it is told to go on. */
  get expectsContinue(): boolean {
    return this.#lower.includes(EXPECTS);
  }
}

interface RequestLine {
  method: string;
  target: string;
  version: string;
}

interface BodyLength {
  chunked: boolean;
  length: number;
}

/** A trailer's value; `trailers` are lines with `\r\n` before each. */
export function trailer(trailers: string, name: string): string | undefined {
  return trailers === '' ? undefined : field(trailers, trailers.toLowerCase(), name);
}

/** `text` begins with a line that is not a header. */
function field(text: string, lower: string, name: string): string | undefined {
  const at = lower.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = text.indexOf('\r\n', start);
  return (end < 0 ? text.slice(start) : text.slice(start, end)).trim();
}
