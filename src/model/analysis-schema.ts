import { z } from 'zod';
import { analysisSchema } from './analysis.ts';

/** The JSON Schema of analysis.json, as text. */
export function analysisJsonSchema(): string {
  const schema = z.toJSONSchema(analysisSchema, { reused: 'ref' });
  return `${JSON.stringify({ ...schema, title: 'analysis.json of graphql-lambda-bench' }, null, 2)}\n`;
}
