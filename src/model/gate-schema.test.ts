import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gateJsonSchema } from './gate-schema.ts';

test('the published JSON Schema is that of the program (else: npm run schema)', () => {
  const published = join(import.meta.dirname, '../../docs/gate.schema.json');
  expect(readFileSync(published, 'utf8')).toBe(gateJsonSchema());
});
