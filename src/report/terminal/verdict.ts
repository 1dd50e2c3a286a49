import type { Analysis } from '../../model/analysis.ts';
import { verdictSentence } from '../gate-words.ts';
import { roundsText, sidesText, verdictText } from '../verdict/words.ts';
import { type Painter, plain, wrap } from './text.ts';

/** A gate's verdict comes first; its rows, causes and p-values are in files of its own. */
export function verdictLines({ gate }: Analysis, width: number, paint: Painter): string[] {
  if (gate === null) return [];
  const colour = { pass: paint.bold, fail: paint.red, inconclusive: paint.yellow }[gate.verdict];
  const verdict = `${verdictText(gate)}: ${verdictSentence(gate)}`;
  const how = `${sidesText(gate)}; ${roundsText(gate)}; all of it in gate/summary.md of the run`;
  return [
    ...wrap(plain(verdict), width).map(colour),
    ...wrap(plain(how), width).map(paint.dim),
    '',
  ];
}
