import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('whatever was appended is read back, in any order and any size', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat(3000)), { maxLength: 60 }),
      fc.array(fc.nat(59)),
      async (parts, picks) => {
        run += 1;
        const journal = await Journal.create(join(folder, `j${run}`));
        const texts = parts.map(([text, times]) => text.repeat(times));
        const numbers = texts.map((text) => journal.append(text));
        expect(numbers).toEqual(texts.map((_, i) => i));
        const wanted = picks.filter((pick) => pick < texts.length);
        expect(await journal.read(wanted)).toEqual(wanted.map((pick) => texts[pick]));
        await journal.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('a flush puts everything into the file; records longer than a block too', async () => {
  const path = join(folder, 'long');
  const journal = await Journal.create(path);
  const long = 'é'.repeat(400_000);
  journal.append('first');
  const number = journal.append(long);
  journal.append('last');
  await journal.flush();
  expect((await stat(path)).size).toBe(5 + 800_000 + 4);
  expect(await journal.read([2, number, 0])).toEqual(['last', long, 'first']);
  await journal.close();
});
