import type { GateCause } from '../../model/gate.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { type Painter, plain, wrap } from '../terminal/text.ts';
import { exampleTexts, type PartTexts, partTexts } from './why-words.ts';
import { metricName } from './words.ts';

const MOST_PARTS = 3;

const COLUMNS: Column<PartTexts>[] = [
  { header: 'part', of: ({ part }) => part, drop: 0, words: true },
  { header: 'base', of: ({ base }) => base, drop: 1 },
  { header: 'head', of: ({ head }) => head, drop: 1 },
  { header: 'growth', of: ({ growth }) => growth, drop: 0 },
  { header: '[95%]', of: ({ interval }) => interval, drop: 2 },
];

/** What grew: the sentence, its largest parts, an example of each side. */
export function causeLines(
  cause: GateCause,
  label: string,
  width: number,
  paint: Painter,
): string[] {
  const indent = '  ';
  const parts = partTexts(cause.parts.slice(0, MOST_PARTS));
  const why = `why ${metricName(cause.metric)} of ${label}: ${cause.sentence}`;
  const table = tableLines(parts, COLUMNS, { width: width - indent.length, header: paint.dim });
  const examples = exampleTexts(cause).flatMap((text) => wrap(plain(text), width - indent.length));
  return [
    ...wrap(plain(why), width, indent),
    ...(parts.length > 0 ? table : []).map((line) => indent + line),
    ...examples.map((line) => indent + line),
  ];
}
