import type { ZodType } from 'zod';

/** commander's options are untyped: this gives them their types. A mismatch is a defect of ours. */
export function typedFlags<T>(flags: unknown, schema: ZodType<T>): T {
  return schema.parse(flags);
}
