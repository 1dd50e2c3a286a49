import { hash, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../aws/sha256.ts';
import { PlainSigner, type Scope } from './plain-signature.ts';
import { ServiceError, type ServiceRequest } from './wire.ts';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;
const SKEW_MS = 15 * 60_000;

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The service named in the credential's scope, unchecked: it decides in which protocol to answer. */
export function scopeOf(headers: ServiceRequest['headers']): string | null {
  const { authorization } = headers;
  return typeof authorization === 'string'
    ? (AUTHORIZATION.exec(authorization)?.[4] ?? null)
    : null;
}

/** Checks Signature Version 4 by signing the same request with our keys. */
export class SignatureCheck {
  readonly #keys: Keys;
  readonly #signers = new Map<string, SignatureV4>();
  readonly #plain: PlainSigner;

  constructor(keys: Keys) {
    this.#keys = keys;
    this.#plain = new PlainSigner(keys.secretAccessKey);
  }

  /** Throws AWS's own error where the request was not signed with our keys. */
  async check(request: ServiceRequest): Promise<void> {
    const { headers } = request;
    if (headers.authorization === undefined) {
      throw new ServiceError(
        403,
        'MissingAuthenticationTokenException',
        'Missing Authentication Token',
      );
    }
    const parts =
      typeof headers.authorization === 'string' ? AUTHORIZATION.exec(headers.authorization) : null;
    const date = signingDate(headers['x-amz-date']);
    if (parts === null || date === null) {
      throw new ServiceError(
        403,
        'IncompleteSignatureException',
        'Authorization header or X-Amz-Date is missing or malformed.',
      );
    }
    const [, accessKeyId, , region, service, signed, signature] = parts as unknown as string[];
    if (accessKeyId !== this.#keys.accessKeyId) {
      throw new ServiceError(
        403,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    const names = (signed as string).split(';');
    const bodyHash = hash('sha256', request.body, 'hex');
    const scope = { region: region as string, service: service as string };
    const expected =
      this.#plain.sign(request, names, scope, bodyHash) ??
      (await this.#sign(request, names, date, scope, bodyHash));
    const right =
      names.includes('host') &&
      hashIsRight(request, bodyHash) &&
      Math.abs(date.getTime() - Date.now()) < SKEW_MS &&
      equal(expected, signature as string);
    if (!right) throw mismatch();
  }

  async #sign(
    request: ServiceRequest,
    names: readonly string[],
    date: Date,
    { region, service }: Scope,
    bodyHash: string,
  ): Promise<string> {
    const headers: Record<string, string> = {};
    for (const name of names) {
      const value = request.headers[name];
      // Several lines of one header are signed as one, joined by commas.
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
    }
    // Without it the signer would hash a body it was given; the client may have signed another.
    headers['x-amz-content-sha256'] ??= bodyHash;
    const signable = new Set(names);
    const result = await this.#signer(region, service).sign(
      {
        method: request.method,
        protocol: 'http:',
        hostname: 'localhost',
        path: request.path,
        query: queryBag(request.query),
        headers,
      },
      {
        signingDate: date,
        signableHeaders: signable,
        unsignableHeaders: new Set(Object.keys(headers).filter((name) => !signable.has(name))),
      },
    );
    return /Signature=([0-9a-f]{64})$/.exec(result.headers.authorization ?? '')?.[1] ?? '';
  }

  #signer(region: string, service: string): SignatureV4 {
    const key = `${region}/${service}`;
    let signer = this.#signers.get(key);
    if (signer === undefined) {
      const { accessKeyId, secretAccessKey } = this.#keys;
      // The scope is the client's own word: whatever it says must be signed with our secret.
      if (this.#signers.size > 64) this.#signers.clear();
      signer = new SignatureV4({
        credentials: { accessKeyId, secretAccessKey },
        region,
        service,
        sha256: Sha256,
        applyChecksum: false,
      });
      this.#signers.set(key, signer);
    }
    return signer;
  }
}

function mismatch(): ServiceError {
  return new ServiceError(
    403,
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function signingDate(header: string | string[] | undefined): Date | null {
  const parts =
    typeof header === 'string' ? /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(header) : null;
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

function hashIsRight(request: ServiceRequest, bodyHash: string): boolean {
  const claimed = request.headers['x-amz-content-sha256'];
  return claimed === undefined || claimed === 'UNSIGNED-PAYLOAD' || claimed === bodyHash;
}

function queryBag(query: URLSearchParams): Record<string, string[]> {
  const bag: Record<string, string[]> = Object.create(null);
  for (const [name, value] of query) {
    const values = bag[name];
    if (values === undefined) bag[name] = [value];
    else values.push(value);
  }
  return bag;
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
