import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../model/endpoint.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { ownArtifact } from './own-artifact.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-prepare-'));
  writeFileSync(join(cwd, 'other.ts'), "export const greeting: string = 'hello';");
  writeFileSync(join(cwd, 'schema.graphql'), 'type Query { a: Int }');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function artifact(name: string, content: string, runtime: Runtime = 'nodejs24.x') {
  const file = join(cwd, name);
  writeFileSync(file, content, { mode: name.endsWith('sh') ? 0o700 : 0o600 });
  const folder = mkdtempSync(join(cwd, 'out-'));
  const endpoint = anEndpoint({ backend: 'own', server: 'mine', runtime });
  const own = { name: 'mine', file, exportName: 'handler' };
  const made = await ownArtifact(own, endpoint, folder, '--handler');
  return { ...made, path: join(folder, made.file) };
}

async function answerOf(path: string): Promise<unknown> {
  const { handler } = (await import(pathToFileURL(path).href)) as { handler(): unknown };
  return handler();
}

test.each([
  [
    'a.ts',
    "import { greeting } from './other.ts'; export const handler = () => greeting;",
    'hello',
  ],
  ['b.mjs', 'const x = await Promise.resolve(1); export const handler = () => x;', 1],
  ['c.cjs', "exports.handler = () => require('node:path').sep;", '/'],
  [
    'd.ts',
    "import s from './schema.graphql'; export const handler = () => s;",
    'type Query { a: Int }',
  ],
])('%s becomes one file that works alone', async (name, content, answer) => {
  const made = await artifact(name, content);
  expect(readdirSync(made.folder)).toEqual([made.file]);
  expect(await answerOf(made.path)).toBe(answer);
  expect(made.facts).toMatchObject({ backend: 'own', server: 'mine', load: null });
  expect(made.facts.bytes).toBe(statSync(made.path).size);
  expect(made.facts.gzipBytes).toBeLessThan(made.facts.bytes + 50);
});

test('a bundle may be bundled again, and the same code gives the same bytes', async () => {
  const first = await artifact(
    'e.ts',
    "import { greeting } from './other.ts'; export const handler = () => greeting;",
  );
  const again = await artifact('bundled.mjs', readFileSync(first.path, 'utf8'));
  expect(await answerOf(again.path)).toBe('hello');
  const third = await artifact('bundled.mjs', readFileSync(first.path, 'utf8'));
  expect(third.facts.sha256).toBe(again.facts.sha256);
});

test('an executable is copied as it is', async () => {
  const made = await artifact('run.sh', '#!/bin/sh\n', 'provided.al2023');
  expect(made.facts.bytes).toBe(10);
  expect(statSync(made.path).mode & 0o777).toBe(0o755);
});

test('what cannot be is named', async () => {
  await expect(artifact('f.mjs', 'export const handler = (')).rejects.toThrow(
    /--handler: .*f\.mjs cannot be bundled/,
  );
  await expect(artifact('g.txt', '', 'provided.al2023')).rejects.toThrow(
    /g\.txt is not executable/,
  );
});
