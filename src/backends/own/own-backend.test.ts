import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { createOwnBackend } from './own-backend.ts';
import { FLAGS, open, useOwnFiles } from './testing/own-files.ts';

useOwnFiles();

test('what it offers: its handlers, its operations with weight 1, nothing to start', async () => {
  const backend = await open({ 'ops/a.graphql': '{ a }' });
  expect(backend).toMatchObject({
    name: 'own',
    servers: ['mine'],
    datasets: ['ops'],
    variants: [],
  });
  expect(backend.operations).toEqual([{ name: 'a', weight: 1 }]);
  const endpoint = anEndpoint({ backend: 'own', server: 'mine' });
  expect(backend.instanceKey(endpoint)).toBe(backend.instanceKey({ ...endpoint, memoryMb: 128 }));
});

describe("a gate's base", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-own-base-'));
    for (const side of ['here', 'there']) {
      mkdirSync(join(folder, side, 'src'), { recursive: true });
      writeFileSync(join(folder, side, 'src/api.mjs'), `export const handler = '${side}';`);
    }
    writeFileSync(join(folder, 'old.mjs'), "export const previous = 'old';");
    writeFileSync(join(folder, 'a.graphql'), 'query a { a }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function bundled(
    job: { base?: { file: string; exportName: string }; revision: 'base' | 'head' | null },
    checkout?: { from: string; to: string },
  ) {
    const file = join(folder, 'here/src/api.mjs');
    const backend = await createOwnBackend({
      handlers: [{ name: 'api', file, exportName: 'handler', ...(job.base && { base: job.base }) }],
      runtime: 'nodejs24.x',
      environment: {},
      operations: join(folder, 'a.graphql'),
      variables: null,
      schema: null,
      named: FLAGS,
    });
    const endpoint = anEndpoint({ backend: 'own', server: 'api', revision: job.revision });
    const to = mkdtempSync(join(folder, 'bundle-'));
    const artifact = await backend.bundle(endpoint, to, checkout);
    return { artifact, text: readFileSync(join(to, artifact.file), 'utf8') };
  }

  test('is a handler of its own where one is named', async () => {
    const base = { file: join(folder, 'old.mjs'), exportName: 'previous' };
    const old = await bundled({ base, revision: 'base' });
    expect(old.artifact).toMatchObject({ exportName: 'previous', facts: { revision: 'base' } });
    expect(old.text).toContain('"old"');
    expect((await bundled({ base, revision: 'head' })).text).toContain('"here"');
  });

  test('is the same file of a checkout', async () => {
    const checkout = { from: join(folder, 'here'), to: join(folder, 'there') };
    expect((await bundled({ revision: 'base' }, checkout)).text).toContain('"there"');
    const empty = { from: join(folder, 'here'), to: join(folder, 'nowhere') };
    await expect(bundled({ revision: 'base' }, empty)).rejects.toThrow(
      /^--handler: there is no file .*nowhere\/src\/api.mjs$/,
    );
  });
});
