/** Writes docs/analysis.schema.json from the schema the program checks with: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analysisJsonSchema } from '../src/model/analysis-schema.ts';

const path = join(import.meta.dirname, '../docs/analysis.schema.json');
writeFileSync(path, analysisJsonSchema());
