import { z } from 'zod';
import { gateResultSchema } from './gate.ts';

/** The JSON Schema of gate.json, as text. */
export function gateJsonSchema(): string {
  const schema = z.toJSONSchema(gateResultSchema, { reused: 'ref' });
  return `${JSON.stringify({ ...schema, title: 'gate.json of graphql-lambda-bench' }, null, 2)}\n`;
}
