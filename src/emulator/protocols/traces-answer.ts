const QUOTE = 34;
const BACKSLASH = 92;
const CHARACTER_BYTES = 3;

/** Larger ones are not kept for the next answer. */
const KEPT_BYTES = 1024 * 1024;

/** Answers are written here, and copied out at the end. */
let answer: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
let plain: Buffer = Buffer.allocUnsafeSlow(16 * 1024);

/** A trace with the documents of its segments, in JSON. */
export interface AnsweredTrace {
  id: string;
  durationS: number;
  segments: readonly { id: string; document: string }[];
}

/**
 * The answer of BatchGetTraces, in bytes. Documents are JSON within JSON: of a document's text only
 * quotation marks and backslashes are to be escaped, since JSON.stringify has left no control character
 * in it; copying them takes half the time of JSON.stringify for all of it.
 */
export function tracesAnswer(
  traces: readonly AnsweredTrace[],
  unprocessed: readonly string[],
): Buffer {
  let used = append('{"Traces":[', 0);
  for (const [i, { id, durationS, segments }] of traces.entries()) {
    const head = `"Duration":${durationS},"LimitExceeded":false,"Segments":[`;
    used = append(`${i > 0 ? ',' : ''}{"Id":${JSON.stringify(id)},${head}`, used);
    for (const [j, segment] of segments.entries()) {
      const before = j > 0 ? ',' : '';
      used = append(`${before}{"Id":${JSON.stringify(segment.id)},"Document":"`, used);
      used = appendEscaped(segment.document, used);
      used = append('"}', used);
    }
    used = append(']}', used);
  }
  used = append(`],"UnprocessedTraceIds":${JSON.stringify(unprocessed)}}`, used);
  const written = Buffer.from(answer.subarray(0, used));
  if (answer.length > KEPT_BYTES) answer = Buffer.allocUnsafeSlow(KEPT_BYTES);
  if (plain.length > KEPT_BYTES) plain = Buffer.allocUnsafeSlow(KEPT_BYTES);
  return written;
}

function append(text: string, used: number): number {
  makeRoom(used, text.length * CHARACTER_BYTES);
  return used + answer.write(text, used);
}

function appendEscaped(text: string, used: number): number {
  const most = text.length * CHARACTER_BYTES;
  if (plain.length < most) plain = Buffer.allocUnsafeSlow(most);
  const length = plain.write(text);
  makeRoom(used, length * 2);
  const from = plain;
  const to = answer;
  let end = used;
  for (let i = 0; i < length; i += 1) {
    const byte = from[i] as number;
    if (byte === QUOTE || byte === BACKSLASH) {
      to[end] = BACKSLASH;
      end += 1;
    }
    to[end] = byte;
    end += 1;
  }
  return end;
}

function makeRoom(used: number, bytes: number): void {
  if (used + bytes <= answer.length) return;
  const larger = Buffer.allocUnsafeSlow((used + bytes) * 2);
  larger.set(answer.subarray(0, used));
  answer = larger;
}
