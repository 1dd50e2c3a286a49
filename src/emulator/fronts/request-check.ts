import type { IncomingMessage } from 'node:http';
import { GATEWAY_HEADER_BYTES } from '../payload-limits.ts';

/**
 * What is wrong with the head of a request, before its body is read; null: nothing. Two Host headers
 * are refused by every server (RFC 9112, 3.2): which of them holds is anyone's guess.
 * @param counted what the front's limit counts beside header values; null: it has no such limit
 */
export function headProblem(
  request: IncomingMessage,
  counted: 'nothing' | 'request line' | null,
): 'bad_request' | 'headers_too_large' | null {
  const { rawHeaders } = request;
  let bytes =
    counted === 'request line'
      ? (request.method?.length ?? 0) + (request.url?.length ?? 0) + HTTP_VERSION_BYTES
      : 0;
  let hosts = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    // One character is one byte: Node reads headers as latin1.
    bytes += (rawHeaders[i + 1] as string).length;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return 'bad_request';
  return counted !== null && bytes > GATEWAY_HEADER_BYTES ? 'headers_too_large' : null;
}

/** ` HTTP/1.1` and the space after the method. */
const HTTP_VERSION_BYTES = 10;
