import { formatMs, formatShare } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Tail } from '../../model/tail.ts';
import { coldFinding, usable } from '../findings.ts';
import { figureText, figureWithInterval, formatCount } from '../format.ts';
import { partLabel } from '../labels.ts';
import { escapeMarkdown, type MarkdownContext, section, strike, table } from './text.ts';

const ABOVE: Record<Tail['quantile'], string> = { p95: 'p95', p99: 'p99', p999: 'p99.9' };
/** Parts named of a tail, those with the greatest share. */
const MOST_PARTS = 3;

/** Why p95, p99 and p99.9 are what they are, and which operations are above p99. */
export function tailSection({ cells, label }: MarkdownContext): string {
  const tails = cells.flatMap((cell, i) =>
    cell.tails.filter(({ leading }) => leading !== null).map((tail) => ({ cell, i, tail })),
  );
  if (tails.length === 0) return '';
  const operations = tails
    .filter(({ tail }) => tail.quantile === 'p99')
    .flatMap(({ cell, i, tail }) => tail.operations.map((one) => ({ cell, i, one })));
  return section(
    'Why the tail is what it is',
    table(
      [
        'cell',
        'above',
        'requests',
        'cold',
        'mean at the median',
        'mean above',
        'makes the difference',
        'without cold starts',
      ],
      tails.map(({ cell, i, tail }) => [label(i), ...tailCells(cell, tail)]),
    ),
    operations.length === 0
      ? ''
      : table(
          ['operations above p99', 'operation', 'requests', 'of those above', 'of all', 'leading'],
          operations.map(({ cell, i, one }) => [
            label(i),
            escapeMarkdown(one.operation),
            formatCount(one.requests),
            formatShare(one.shareOfTail),
            formatShare(one.shareOfAll),
            one.leading === null
              ? '–'
              : `${partLabel(one.leading, [cell.cell])} ${formatShare(one.leadingShare)}`,
          ]),
        ),
  );
}

function tailCells(cell: CellAnalysis, tail: Tail): string[] {
  const struck = strike(cell);
  const parts = [...tail.parts]
    .sort((a, b) => (b.share.value ?? 0) - (a.share.value ?? 0))
    .slice(0, MOST_PARTS)
    .map(({ part, share }) => `${partLabel(part, [cell.cell])} ${figureWithInterval(share)}`);
  return [
    ABOVE[tail.quantile],
    formatCount(tail.requests),
    formatCount(tail.coldRequests),
    struck(formatMs(tail.middleTotalMs)),
    struck(formatMs(tail.tailTotalMs)),
    parts.join(', '),
    struck(`${ABOVE[tail.quantile]} ${figureWithInterval(tail.withoutCold)}`),
  ];
}

export function coldSection(context: MarkdownContext): string {
  const { cells, plainLabels, label } = context;
  if (!cells.some((cell) => cell.coldStarts.requests > 0)) return '';
  const isPrewarmed = cells.some((cell) => cell.coldStarts.prewarmed.requests > 0);
  return section(
    `Cold starts: ${escapeMarkdown(coldFinding(usable(cells, plainLabels)))}`,
    table(
      [
        'cold starts',
        'requests',
        'share',
        'median init',
        'first handler call',
        'warm handler call',
        'connection set-up',
        'median latency',
        'penalty',
        'billed init',
        ...(isPrewarmed ? ['prewarmed', 'their latency'] : []),
      ],
      cells.map((cell, i) => {
        const { coldStarts } = cell;
        const struck = strike(cell);
        return [
          label(i),
          formatCount(coldStarts.requests),
          coldStarts.forced ? 'forced' : struck(figureWithInterval(coldStarts.share)),
          struck(figureWithInterval(coldStarts.medianInitMs)),
          struck(figureWithInterval(coldStarts.firstCallMs)),
          struck(figureWithInterval(coldStarts.warmCallMs)),
          struck(figureWithInterval(coldStarts.connectionMs)),
          struck(figureWithInterval(coldStarts.medianTotalMs)),
          struck(figureWithInterval(coldStarts.penaltyMs)),
          struck(figureWithInterval(coldStarts.billedInitMs)),
          ...(isPrewarmed
            ? [
                formatCount(coldStarts.prewarmed.requests),
                struck(figureText(coldStarts.prewarmed.medianTotalMs)),
              ]
            : []),
        ];
      }),
    ),
  );
}

export function burstSection({ cells, label }: MarkdownContext): string {
  const rows = cells.flatMap((cell, i) => {
    if (cell.burst === null) return [];
    const { untilWarmS, environments, finding } = cell.burst;
    const struck = strike(cell);
    return [
      [
        label(i),
        struck(figureWithInterval(untilWarmS)),
        struck(figureWithInterval(environments)),
        escapeMarkdown(finding),
      ],
    ];
  });
  return rows.length === 0
    ? ''
    : section('Burst', table(['cell', 'until warm', 'environments', 'finding'], rows));
}
