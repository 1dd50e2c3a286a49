import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { movedPath } from './moved-path.ts';

const MOVE = { from: '/home/me/api', to: '/tmp/checkout' };

test.each([
  ['/home/me/api/src/handler.ts', '/tmp/checkout/src/handler.ts'],
  ['/home/me/api', '/tmp/checkout'],
  ['/home/me/api/..hidden/a.js', '/tmp/checkout/..hidden/a.js'],
  ['/home/me/api-2/handler.ts', null],
  ['/home/me/other.ts', null],
  ['/home/me', null],
])('%s lies at %s', (path, expected) => {
  expect(movedPath(path, MOVE)).toBe(expected);
});

test('a link to the folder leads into it; a link within it is left, for the other may have another', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-test-')));
  try {
    const from = join(folder, 'api');
    mkdirSync(join(from, 'src'), { recursive: true });
    symlinkSync(from, join(folder, 'link'));
    symlinkSync('src', join(from, 'current'));
    const to = '/tmp/checkout';
    expect(movedPath(join(folder, 'link/src/new/a.ts'), { from, to })).toBe(`${to}/src/new/a.ts`);
    expect(movedPath(join(from, 'current/a.ts'), { from, to })).toBe(`${to}/current/a.ts`);
    expect(movedPath(join(folder, 'a.ts'), { from, to })).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
