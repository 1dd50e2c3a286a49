import { promisify } from 'node:util';
import { deflate, gunzip, gzip, inflate } from 'node:zlib';
import { errnoOf } from '../../base/errors.ts';
import { GATEWAY_BODY_BYTES } from '../payload-limits.ts';

const CODINGS = {
  gzip: { compress: promisify(gzip), decompress: promisify(gunzip) },
  deflate: { compress: promisify(deflate), decompress: promisify(inflate) },
} as const;
type Coding = keyof typeof CODINGS;

/**
 * The body of a request as it was before its `Content-Encoding`. A REST API knows gzip, deflate and
 * identity; it does this unless compression begins at a length the body has not. Source: API Gateway
 * Developer Guide, "Payload compression for REST APIs".
 */
export async function decompressed(
  body: Buffer,
  contentEncoding: string | undefined,
  minimumBytes: number | null,
): Promise<Buffer | 'unsupported_encoding' | 'request_too_large'> {
  if (contentEncoding === undefined || body.length === 0) return body;
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === 'identity' || coding === '') return body;
  if (!isCoding(coding)) return 'unsupported_encoding';
  if (minimumBytes !== null && body.length < minimumBytes) return body;
  try {
    return await CODINGS[coding].decompress(body, { maxOutputLength: GATEWAY_BODY_BYTES });
  } catch (error) {
    return errnoOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'request_too_large' : 'unsupported_encoding';
  }
}

/**
 * The coding an answer is compressed with: what the caller asks for by name and likes best, the
 * earlier of two; null: none. `*` asks for nothing. Source: the same pages.
 */
export function codingFor(acceptEncoding: string | undefined): Coding | null {
  if (acceptEncoding === undefined) return null;
  let best: Coding | null = null;
  let bestWeight = 0;
  for (const part of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    const weight = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1';
    if (isCoding(name) && Number(weight) > bestWeight) {
      best = name;
      bestWeight = Number(weight);
    }
  }
  return best;
}

export function compressed(body: Buffer, coding: Coding): Promise<Buffer> {
  return CODINGS[coding].compress(body);
}

function isCoding(name: string): name is Coding {
  return Object.hasOwn(CODINGS, name);
}
