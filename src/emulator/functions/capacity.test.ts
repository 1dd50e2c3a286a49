import { expect, test } from 'vitest';
import { capacityProblem } from './capacity.ts';

const empty = { living: [].values(), livingCount: 0 };

test('what does not fit into free memory is told, with how much there is', () => {
  expect(capacityProblem(empty, null, { memoryMb: 128, environments: 1 })).toBeNull();
  expect(capacityProblem(empty, null, { memoryMb: 512, environments: 1_000_000 })).toMatch(
    /^this host has no memory for 1000000 more environments: \d+ MB free, 0 environments$/,
  );
});

test('or beyond the number that was set', () => {
  const asked = { memoryMb: 128, environments: 2 };
  expect(capacityProblem(empty, 2, asked)).toBeNull();
  expect(capacityProblem({ ...empty, livingCount: 1 }, 2, asked)).toContain('at most 2');
});
