import { expect, test } from 'vitest';
import { sideLabels } from './side-labels.ts';

test.each<[string[], string[]]>([
  [
    ['old.js#main', './new.js'],
    ['old.js#main', './new.js'],
  ],
  [
    ['/home/me/api/old.js', '/home/me/api/dist/new.js#main'],
    ['old.js', 'dist/new.js#main'],
  ],
  [
    ['/tmp/a/handler.js', '/tmp/b/handler.js'],
    ['a/handler.js', 'b/handler.js'],
  ],
  [
    ['/tmp/a/handler.js', 'handler.js'],
    ['a/handler.js', 'handler.js'],
  ],
  [
    ['/tmp/a/handler.js', '/tmp/a/handler.js'],
    ['handler.js', 'handler.js'],
  ],
  [['/home/you/bench-baseline.json'], ['bench-baseline.json']],
])('%j', (written, labels) => {
  expect(sideLabels(written, '/home/me/api')).toEqual(labels);
});
