import { UsageError } from '../../base/errors.ts';
import type { Front } from '../../model/endpoint.ts';

/** What an address tells of what is behind it. */
export interface Address {
  url: URL;
  /** null: it may be anything. */
  front: Front | null;
  region: string | null;
}

/** Hosts of AWS with the front they belong to; of `execute-api` it may be either API. */
const HOSTS: readonly [RegExp, Front | null][] = [
  [/^[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/, 'function-url'],
  [/^[a-z0-9]+\.appsync-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/, 'appsync'],
  [/^[a-z0-9]+(?:-vpce-[a-z0-9]+)?\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/, null],
];

/** Throws UsageError; what it says never holds more of the text than its beginning. */
export function addressOf(text: string, named: string): Address {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `${named}: this is no address of an API; write https://api.example.com/graphql`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `${named}: an address is stored with the results: leave user and password out and send them by headers`,
    );
  }
  if (url.hash !== '') throw new UsageError(`${named}: leave "#" and what follows out`);
  for (const [host, front] of HOSTS) {
    const region = host.exec(url.hostname)?.[1];
    if (region !== undefined) return { url, front, region };
  }
  return { url, front: null, region: null };
}

export interface FunctionReference {
  /** Name or ARN, without its qualifier. */
  functionName: string;
  qualifier: string | null;
  /** Of an ARN. */
  region: string | null;
}

const REFERENCE =
  /^(arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:function:)?([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9_-]{1,128}|\$LATEST))?$/;

/** `checkout`, `checkout:live`, or an ARN of either. Throws UsageError. */
export function functionReference(text: string, named: string): FunctionReference {
  const found = REFERENCE.exec(text);
  if (found === null) {
    throw new UsageError(
      `${named}: "${text}" is neither the name of a function nor its ARN; write checkout, or checkout:live for its alias`,
    );
  }
  const [, arn = '', region, name, qualifier] = found;
  return {
    functionName: `${arn}${name}`,
    qualifier: qualifier ?? null,
    region: region ?? null,
  };
}
