import type { z } from 'zod';
import { ServiceError } from './wire.ts';

type Issue = z.core.$ZodIssue;

/** Of a value that was sent, so much is said in an error. */
const SHOWN = 100;

/**
 * The body as the operation needs it. A member of the wrong JSON type is a SerializationException, as
 * of AWS's deserialisers; one that breaks a constraint is named in the words of its validation.
 * @param code of the service's error for the latter
 */
export function validated<T>(schema: z.ZodType<T>, body: unknown, code: string): T {
  const input = schema.safeParse(body, { reportInput: true });
  if (input.success) return input.data;
  const { issues } = input.error;
  const mistyped = issues.find((issue) => isMistyped(issue));
  if (mistyped !== undefined) {
    throw new ServiceError(
      400,
      'SerializationException',
      `${nameOf(mistyped)}: a value of this type cannot be read here.`,
      TYPE,
    );
  }
  const told = issues.map(
    (issue) => `${subject(issue)} failed to satisfy constraint: ${constraint(issue)}`,
  );
  const count = `${told.length} validation error${told.length === 1 ? '' : 's'} detected`;
  throw new ServiceError(400, code, `${count}: ${told.join('; ')}`, TYPE);
}

const TYPE = { Type: 'User' };

function isMistyped({ code, input }: Issue): boolean {
  return (
    (code === 'invalid_type' || code === 'invalid_union') && input !== undefined && input !== null
  );
}

function nameOf({ path }: Issue): string {
  return path.length === 0
    ? 'body'
    : path
        .map((part) => (typeof part === 'number' ? `${part + 1}.member` : String(part)))
        .join('.');
}

function subject(issue: Issue): string {
  const { input } = issue;
  const known = typeof input === 'string' || typeof input === 'number' || input === null;
  if (input === undefined || input === null) return `Value null at '${nameOf(issue)}'`;
  return known
    ? `Value '${String(input).slice(0, SHOWN)}' at '${nameOf(issue)}'`
    : `Value at '${nameOf(issue)}'`;
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
      return 'Member must not be null';
    case 'too_small':
      return `Member must have ${measure(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measure(issue.origin)} less than or equal to ${issue.maximum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern ?? issue.format}`;
    default:
      return issue.message;
  }
}

function measure(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'length' : 'value';
}
