import type { Run } from '../model/run.ts';

/** How far a gate came, as its rows need it. */
export interface Looked {
  alpha: number;
  minPairs: number;
  plannedPairs: number;
  /** Rounds, ascending. */
  looks: readonly number[];
  /** No further round comes: what is left of α is spent at the last look. */
  isOver: boolean;
  /** A look has found the verdict. */
  isDecided: boolean;
  /** No further round comes, and nobody meant that. */
  brokeOff: boolean;
}

/**
 * Beside a baseline the rounds are fixed and looked at once: one that does not count must not leave all
 * budgets open.
 */
const LEAST_BESIDE_BASELINE = 5;

/** The last round that is judged: those after the last look are not. */
export function lastJudged({ looks }: Looked): number {
  return looks.at(-1) ?? Number.POSITIVE_INFINITY;
}

export function lookedAt({ plan, gate, status }: Run): Looked | null {
  if (plan.gate === null) return null;
  const { mode, alpha, minPairs, maxPairs } = plan.gate;
  const ended = gate?.ended ?? null;
  return {
    alpha,
    minPairs: mode === 'baseline' ? Math.min(minPairs, LEAST_BESIDE_BASELINE) : minPairs,
    plannedPairs: gate?.plannedPairs ?? maxPairs,
    looks: gate?.looks ?? [],
    isOver: ended === 'max_pairs' || ended === 'budget',
    isDecided: ended === 'decided',
    brokeOff: ended === null && (status === 'failed' || status === 'interrupted'),
  };
}
