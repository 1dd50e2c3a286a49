import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { IdleCpu } from './idle-cpu.ts';

test('a core that works is not idle; nothing is known at first', () => {
  const idle = new IdleCpu();
  expect(idle.share()).toBe(1);
  const until = performance.now() + 210;
  while (performance.now() < until);
  const share = idle.share();
  expect(share).toBeGreaterThanOrEqual(0);
  // In ticks of 10 ms.
  expect(share).toBeLessThan(1 - 0.8 / cpus().length);
});
