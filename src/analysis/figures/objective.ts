import type { Figure } from '../../model/figure.ts';
import { LEAST_ROUNDS } from './figure.ts';

/**
 * Whether a latency is at most what was asked for. `met` and `missed`: its interval over trials lies on
 * that side. `perhaps_met` and `perhaps_missed`: its value alone does. `unknown`: it has none.
 */
export type ObjectiveState = 'met' | 'perhaps_met' | 'perhaps_missed' | 'missed' | 'unknown';

export function objectiveState(figure: Figure, ms: number): ObjectiveState {
  const { value, low, high, interval, trials } = figure;
  if (value === null) return 'unknown';
  const known = interval === 'trials_t' && trials >= LEAST_ROUNDS;
  if (value <= ms) return known && high !== null && high <= ms ? 'met' : 'perhaps_met';
  return known && low !== null && low > ms ? 'missed' : 'perhaps_missed';
}
