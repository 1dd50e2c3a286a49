import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BegunKeys, missingKeys } from './begun-keys.ts';

test('what is missing below the highest key is counted, in whatever order keys come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (keys) => {
      const begun = new BegunKeys();
      for (const key of keys) begun.add(key);
      const seen = new Set(keys);
      expect(missingKeys([begun.extent])).toBe(
        keys.length === 0 ? 0 : Math.max(...keys) + 1 - seen.size,
      );
      for (let key = 0; key <= 61; key += 1) expect(begun.has(key)).toBe(seen.has(key));
    }),
    { seed: 1 },
  );
});
