import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './text-file.ts';

test('a file that is larger than memory should hold is refused before it is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-text-'));
  try {
    const file = join(folder, 'users.csv');
    writeFileSync(file, 'id\n');
    truncateSync(file, 3e9);
    expect(() => readText(file, '--variables')).toThrow(
      /^--variables: .*users\.csv has 3000 MB, more than the 256 MB that are read/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
