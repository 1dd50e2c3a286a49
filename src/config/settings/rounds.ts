import { UsageError } from '../../base/errors.ts';
import type { Chosen } from './choose.ts';
import { SETTINGS } from './table.ts';
import { oneOf, whole } from './values.ts';

const PRESETS = { quick: 1, standard: 5, thorough: 10 } as const;
const PRESET_NAMES = Object.keys(PRESETS) as (keyof typeof PRESETS)[];

/**
 * How often every cell is measured: the number itself, or a preset's. Where a flag said one and the
 * configuration the other, `choose` has kept the flag's. Throws UsageError where both stand in one
 * place and differ.
 */
export function roundsOf(chosen: Chosen): number {
  const preset = chosen.raw('preset');
  const written = chosen.raw('rounds');
  const count = (text: string) => whole(text, chosen.named('rounds'), 1, 1000, '');
  if (preset === undefined) return count(written ?? SETTINGS.rounds.default);
  const rounds = PRESETS[oneOf(preset, chosen.named('preset'), PRESET_NAMES)];
  if (written !== undefined && count(written) !== rounds) {
    throw new UsageError(
      `${chosen.named('preset')}: ${preset} is ${rounds === 1 ? '1 round' : `${rounds} rounds`}, and ${chosen.named('rounds')} says ${written}; leave one of the two out`,
    );
  }
  return rounds;
}
