import { formatMs, unitOfMs } from '../../base/numbers.ts';
import type { Figure } from '../../model/analysis.ts';

/** `200 ms [198, 202]`, `200 ms` without an interval. */
export function msWords({ value, low, high }: Figure): string {
  if (value === null) return 'unknown';
  if (low === null || high === null) return formatMs(value);
  const { show } = unitOfMs(value);
  return `${formatMs(value)} [${show(low)}, ${show(high)}]`;
}

/** `512 MB`, `512 and 1024 MB`, `512, 1024 and 1769 MB`. */
export function sizesWords(sizesMb: readonly number[]): string {
  const [last, ...others] = [...sizesMb].reverse();
  if (last === undefined) return 'no size';
  return others.length === 0 ? `${last} MB` : `${others.reverse().join(', ')} and ${last} MB`;
}

export function roundsWords(rounds: number): string {
  return rounds === 1 ? 'one round' : `${rounds} rounds`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Its first letter small, unless it begins with an abbreviation or a name. */
export function inSentence(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
