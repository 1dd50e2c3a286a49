import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { messageOf, UsageError } from '../base/errors.ts';

/**
 * Reads `NAME=value` lines. What Lambda reserves is refused, as Lambda does. Throws UsageError that
 * says where the file was named.
 */
export function readEnvFile(path: string, named = '--env-file'): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${named}: ${path} cannot be read: ${messageOf(error)}`);
  }
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      throw new UsageError(`${named}: "${name}" in ${path} is not a name Lambda takes`);
    }
    if (/^(AWS_LAMBDA_|LAMBDA_|_HANDLER$|_X_AMZN_)/.test(name)) {
      throw new UsageError(`${named}: ${name} in ${path} is reserved by Lambda; take it out`);
    }
    variables[name] = value ?? '';
  }
  return variables;
}
