import { expect, test } from 'vitest';
import { bytes, doubles, words } from './growing-array.ts';

test.each([
  ['doubles', doubles, (i: number) => i / 3],
  ['words', words, (i: number) => (i * 2654435761) % 2 ** 32],
  ['bytes', bytes, (i: number) => i % 251],
] as const)('%s come back from memory and disk, in any order', (_, make, numberAt) => {
  // Blocks of eight: nearly all of it is on disk.
  const array = make(3);
  for (let i = 0; i < 1000; i += 1) {
    array.push(numberAt(i));
    expect(array.at(Math.floor(i / 2))).toBe(numberAt(Math.floor(i / 2)));
  }
  expect(array.length).toBe(1000);
  for (let i = 0; i < 1000; i += 1) {
    const index = (i * 617) % 1000;
    expect(array.at(index)).toBe(numberAt(index));
  }
});
