import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniqueNames } from './own-handlers.ts';

const names = (...files: string[]) =>
  uniqueNames(files.map((file) => ({ file, exportName: 'handler' })));

test('are base names; the same two have their folder before them', () => {
  expect(names('/a/old.js', '/a/new.ts')).toEqual(['old', 'new']);
  expect(names('/a/index.js', '/b/index.js', '/b/other.mjs')).toEqual([
    'a-index',
    'b-index',
    'other',
  ]);
  expect(names('/a/my handler.v2.js', '/a/bootstrap')).toEqual(['my-handler-v2', 'bootstrap']);
});

test('of one file are told apart by export', () => {
  const file = '/a/api.js';
  expect(
    uniqueNames([
      { file, exportName: 'one' },
      { file, exportName: 'two' },
    ]),
  ).toEqual(['a-api-one', 'a-api-two']);
});

test('are unique and fit for ids, whatever the files are called', () => {
  const path = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
  const handler = fc.record({
    file: path.map((parts) => `/${parts.join('/')}.js`),
    exportName: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(handler, { minLength: 1, maxLength: 6 }), (handlers) => {
      const unique = uniqueNames(handlers);
      expect(new Set(unique).size).toBe(handlers.length);
      for (const name of unique) expect(name).toMatch(/^[A-Za-z0-9_-]{1,24}$/);
    }),
  );
});
