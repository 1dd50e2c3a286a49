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

/** The last round that is judged: those after the last look are not. */
export function lastJudged({ looks }: Looked): number {
  return looks.at(-1) ?? Number.POSITIVE_INFINITY;
}

export function lookedAt({ plan, gate, status }: Run): Looked | null {
  if (plan.gate === null) return null;
  const { alpha, minPairs, maxPairs } = plan.gate;
  const ended = gate?.ended ?? null;
  return {
    alpha,
    minPairs,
    plannedPairs: gate?.plannedPairs ?? maxPairs,
    looks: gate?.looks ?? [],
    isOver: ended === 'max_pairs' || ended === 'budget',
    isDecided: ended === 'decided',
    brokeOff: ended === null && (status === 'failed' || status === 'interrupted'),
  };
}
