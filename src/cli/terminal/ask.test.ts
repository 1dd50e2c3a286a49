import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openAsker } from './ask.ts';

test('answers come in order, whether early or late, and none after the end', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const asker = openAsker({ input, output });
  const first = asker.ask('first? ');
  input.write(' one \ntwo\n');
  expect(await first).toBe('one');
  expect(await asker.ask('second? ')).toBe('two');
  const third = asker.ask('third? ');
  input.end();
  expect(await third).toBe('');
  expect(await asker.ask('fourth? ')).toBe('');
  asker.close();
  expect(String(output.read())).toContain('first? ');
});
