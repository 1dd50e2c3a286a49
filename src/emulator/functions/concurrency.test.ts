import { expect, test } from 'vitest';
import { ConcurrencyLimits } from './concurrency.ts';

const entered = (limits: ConcurrencyLimits, name: string): number => {
  let count = 0;
  while (limits.enter(name) === null) count += 1;
  return count;
};

test('what is provisioned is taken from the reservation, or from what all share', () => {
  const limits = new ConcurrencyLimits(200, 1e9);
  limits.reserve('f', 30);
  limits.provision('f', 10);
  limits.provision('g', 20);
  expect(limits.unreserved).toBe(150);
  expect(entered(limits, 'f')).toBe(20);
  expect(limits.enter('f')).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
  expect(entered(limits, 'g')).toBe(150);
  expect(limits.enter('h')).toBe('ConcurrentInvocationLimitExceeded');
  // Its running invocations are the reservation's from now on.
  limits.reserve('g', 50);
  expect(limits.unreserved).toBe(120);
  expect(entered(limits, 'h')).toBe(120);
  expect(limits.enter('g')).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
});

test('others keep a hundred, and provisioned is not more than reserved', () => {
  const limits = new ConcurrencyLimits(200, 10);
  expect(() => limits.provision('f', 101)).toThrow('below its minimum value of [100]');
  limits.provision('f', 60);
  expect(() => limits.reserve('g', 41)).toThrow('below its minimum value of [100]');
  expect(() => limits.reserve('f', 59)).toThrow('total provisioned concurrency [60]');
  limits.reserve('f', 100);
  expect(() => limits.provision('f', 101)).toThrow('reservedConcurrentExecution');
  limits.reserve('f', null);
  expect(limits.unreserved).toBe(140);
});

test('ten requests a second for each unit of concurrency', () => {
  const limits = new ConcurrencyLimits(200, 10);
  limits.reserve('f', 1);
  const reasons: (string | null)[] = [];
  const startedMs = performance.now();
  for (let i = 0; i < 100; i += 1) {
    const reason = limits.enter('f');
    if (reason === null) limits.leave('f');
    reasons.push(reason);
  }
  const elapsedS = (performance.now() - startedMs) / 1000;
  const accepted = reasons.filter((reason) => reason === null).length;
  expect(accepted).toBeGreaterThanOrEqual(10);
  expect(accepted).toBeLessThanOrEqual(10 + 10 * elapsedS);
  expect(reasons).toContain('ReservedFunctionInvocationRateLimitExceeded');
});
