import type { InvocationResult } from '../types.ts';

/**
 * null after the time limit of an integration; the invocation goes on, as on AWS.
 * @param limitMs null: none
 */
export function withinTime(
  limitMs: number | null,
  invocation: Promise<InvocationResult>,
): Promise<InvocationResult | null> {
  if (limitMs === null) return invocation;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), limitMs);
    void invocation.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
