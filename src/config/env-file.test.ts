import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnvFile } from './env-file.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-env-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function read(text: string): Record<string, string> {
  const path = join(cwd, 'app.env');
  writeFileSync(path, text);
  return readEnvFile(path, 'bench.config.ts: envFile');
}

test('is read as it comes from any system', () => {
  const lines = ['# a comment', 'A=1', 'B="two\nlines"', '', 'EMPTY=', "C='x # y'"];
  const known = { A: '1', B: 'two\nlines', EMPTY: '', C: 'x # y' };
  expect(read(lines.join('\n'))).toEqual(known);
  expect(read(`\ufeff${lines.join('\r\n')}\r\n`)).toEqual(known);
});

test.each([['AWS_LAMBDA_FUNCTION_NAME'], ['AWS_SECRET_ACCESS_KEY'], ['AWS_REGION']])(
  '%s is refused, as Lambda does, without its value',
  (name) => {
    expect(() => read(`A=1\n${name}=secret\n`)).toThrow(
      new RegExp(
        `^bench\\.config\\.ts: envFile: ${name} in .*app\\.env is reserved .*take it out$`,
      ),
    );
  },
);

test('a line that is no variable is named by its place: it may be a piece of a key', () => {
  expect(() => read('A=sec/ret+\nKEY=-----BEGIN KEY-----\nsec/ret+==\nB=2\n')).toThrow(
    /^bench\.config\.ts: envFile: .*app\.env:3: (?!.*sec\/ret)/,
  );
});
