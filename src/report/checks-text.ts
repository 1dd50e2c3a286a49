import type { Check } from '../model/analysis.ts';
import { formatCount } from './format.ts';

/** `all 20 checks passed`, `1 of 20 checks not passed, 2 could not be made`. */
export function checksText(checks: readonly Check[]): string {
  const count = (...states: Check['state'][]) =>
    checks.filter(({ state }) => states.includes(state)).length;
  const bad = count('doubtful', 'void');
  const unknown = count('unknown');
  const all = formatCount(checks.length);
  const rest = unknown === 0 ? '' : `, ${formatCount(unknown)} could not be made`;
  if (bad > 0) return `${formatCount(bad)} of ${all} checks not passed${rest}`;
  return unknown === 0
    ? `all ${all} checks passed`
    : `${formatCount(count('sound'))} of ${all} checks passed${rest}`;
}
