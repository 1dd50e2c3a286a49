import { capital } from '../../base/words.ts';

/** `2.3 times`, `41 times`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

/** A finding as a sentence by itself, whether or not it has its full stop. */
export function sentence(finding: string): string {
  return `${capital(finding.replace(/\.$/, ''))}.`;
}
