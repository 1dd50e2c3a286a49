import { listed } from '../../base/words.ts';

/** `512 MB`, `512 and 1024 MB`, `512, 1024 and 1769 MB`. */
export function sizesWords(sizesMb: readonly number[]): string {
  return sizesMb.length === 0 ? 'no size' : `${listed(sizesMb)} MB`;
}

export function roundsWords(rounds: number): string {
  return rounds === 1 ? 'one round' : `${rounds} rounds`;
}
