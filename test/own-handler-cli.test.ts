import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/base/package-root.ts';
import { runBench } from './bench.ts';
import { keptTexts } from './kept.ts';

const OWN = join(packageRoot(), 'fixtures/handlers/own');

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-own-cli-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(cwd, 'files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('bench run --handler', () => {
  const FLAGS = ['--operations', join(OWN, 'operations'), '--variables', join(OWN, 'variables')];
  const LOAD = ['--rate', '10', '--warm-up', '1s', '--ramp', '1s', '--hold', '2s'];

  test('a token of the environment opens the handler and is stored nowhere', async () => {
    const at = folder({ 'One.graphql': 'query One { user(id: 1) { id } }' });
    const ended = await runBench(
      [
        ...['run', '--handler', join(OWN, 'needs-token.mjs'), '--operations', at, ...LOAD],
        ...['--header', `authorization: Bearer \${BENCH_TEST_TOKEN}`, '--memory', '512'],
      ],
      at,
      { ...process.env, BENCH_TEST_TOKEN: 'right' },
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('no trace holds a call of the handler');
    const files = await keptTexts(join(at, 'results'));
    expect(files.length).toBeGreaterThan(5);
    for (const { path, text } of files) expect(text.includes('Bearer right'), path).toBe(false);
  }, 60_000);

  test.each<[string, string[], RegExp]>([
    ['throws-at-load.mjs', FLAGS, /^bench: own-.*Internal server error\n.*\n.*certificate$/m],
    ['html.mjs', FLAGS, /^bench: own-.*UserById\.graphql:2.*answers HTML/m],
    ['graphql.ts', ['--operations', OWN], /^bench: --operations: .*schema\.graphql:1: a schema/m],
    ['graphql.ts', FLAGS.slice(0, 2), /^bench: --variables: .*UserById\.graphql:2: .*needs \$id/m],
  ])('%s %j: one message, no load', async (file, flags, message) => {
    const ended = await runBench(
      ['run', '--handler', join(OWN, file), ...flags, ...LOAD],
      folder({}),
    );
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/requests in|\n\s+at /);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
  });
});
