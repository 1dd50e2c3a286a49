import { inSentence } from '../../base/words.ts';
import type { MemoryScaling } from '../../model/memory-scaling.ts';
import type { Named } from './named.ts';
import { sentence } from './words.ts';

/**
 * How much memory and why, of the sizes around the best cell, and what is said of the objective;
 * null where there is nothing to say.
 */
export function memorySentences(
  best: Named | undefined,
  memoryScaling: readonly MemoryScaling[],
): { finding: string | null; objective: string | null } {
  const scaling = memoryScaling.find(({ sizes }) =>
    sizes.some(({ cellId }) => cellId === best?.cell.cell.id),
  );
  if (scaling === undefined) return { finding: null, objective: null };
  const told = (finding: string) =>
    sentence(
      memoryScaling.length === 1 || scaling.label === ''
        ? finding
        : `at ${scaling.label}: ${inSentence(finding)}`,
    );
  const objective = scaling.advice.find(({ goal }) => goal === 'slo');
  // Which size meets the objective is its own sentence.
  const finding = objective?.memoryMb == null ? scaling.finding : scaling.reason;
  return {
    finding: finding === '' ? null : told(finding),
    objective: objective === undefined ? null : told(objective.finding),
  };
}
