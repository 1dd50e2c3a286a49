import type { Advice, Goal } from '../../model/memory-scaling.ts';

export function noAdvice(goal: Goal, finding: string): Advice {
  const none = { memoryMb: null, cellId: null, roundsBest: 0, rounds: 0, ties: [] };
  return { goal, ...none, sureness: 'open', finding };
}
