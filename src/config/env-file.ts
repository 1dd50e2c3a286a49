import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { messageOf, UsageError } from '../base/errors.ts';

/** Lambda Developer Guide, "Defined runtime environment variables": those that cannot be set. */
const RESERVED =
  /^(AWS_LAMBDA_.*|LAMBDA_.*|AWS_REGION|AWS_DEFAULT_REGION|AWS_EXECUTION_ENV|AWS_ACCESS_KEY|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)$/;

/**
 * Reads `NAME=value` lines. What Lambda reserves is refused, as Lambda does. Throws UsageError that
 * says where the file was named.
 */
export function readEnvFile(path: string, named = '--env-file'): Record<string, string> {
  let text: string;
  try {
    // Editors of Windows put a byte order mark first.
    text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new UsageError(`${named}: ${path} cannot be read: ${messageOf(error)}`);
  }
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      // Not shown: a second line of a key without quotes looks like a name.
      const begin = (line: string) => line.replace(/^\s*(export\s+)?/, '');
      const line = text.split('\n').findIndex((one) => begin(one).startsWith(name)) + 1;
      throw new UsageError(
        `${named}: ${path}:${line}: what stands before its "=" is not a name Lambda takes; put a value of several lines in quotes`,
      );
    }
    if (RESERVED.test(name)) {
      throw new UsageError(`${named}: ${name} in ${path} is reserved by Lambda; take it out`);
    }
    variables[name] = value ?? '';
  }
  return variables;
}
