/** A function as a client names it in a path. */
export interface FunctionReference {
  name: string;
  /** Version or alias; null where none was given. */
  qualifier: string | null;
}

/**
 * `name`, `name:qualifier`, `account:function:name[:qualifier]` or an ARN, as clients write it,
 * percent-encoded or not.
 * @returns null where it is none of these.
 */
export function parseFunctionName(encoded: string): FunctionReference | null {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    return null;
  }
  const match =
    /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:)?([a-zA-Z0-9_-]{1,64})(?::(\$LATEST|[a-zA-Z0-9_-]{1,128}))?$/.exec(
      text,
    );
  return match === null ? null : { name: match[1] as string, qualifier: match[2] ?? null };
}
