/** Writes the JSON Schemas in docs/ from the schemas the program checks with: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../src/config/file/schema.ts';
import { analysisJsonSchema } from '../src/model/analysis-schema.ts';
import { gateJsonSchema } from '../src/model/gate-schema.ts';

const docs = join(import.meta.dirname, '../docs');
writeFileSync(join(docs, 'analysis.schema.json'), analysisJsonSchema());
writeFileSync(join(docs, 'config.schema.json'), configJsonSchema());
writeFileSync(join(docs, 'gate.schema.json'), gateJsonSchema());
