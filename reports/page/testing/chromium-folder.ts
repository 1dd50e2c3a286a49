import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of this run unpack Chromium once. */
    chromiumFolder: string;
  }
}

/** Gives the folder before the tests and removes it after them. */
export default function setUp(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-unpacked-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  project.provide('chromiumFolder', folder);
  return remove;
}
