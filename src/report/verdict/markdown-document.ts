import { formatBytes } from '../../base/numbers.ts';
import { capital } from '../../base/words.ts';
import type { GateCause, GateResult, GateRow } from '../../model/gate.ts';
import { formatCount } from '../format.ts';
import { escapeMarkdown } from '../markdown/text.ts';
import { foreign } from './escape.ts';
import { rowsTable, tableOf } from './markdown-table.ts';
import { exampleTexts, partTexts } from './why-words.ts';
import {
  byCell,
  labelOf,
  methodText,
  metricName,
  quietGuards,
  roundsText,
  rowName,
  rowsToShow,
  rowsToTell,
  sidesText,
  verdictText,
} from './words.ts';

export type ListName = 'reasons' | 'rows' | 'causes' | 'voids' | 'notes' | 'code';

/** How much of each list is shown, and whether rows that passed are. */
export type Kept = Record<ListName, number> & { passed: boolean };

export interface GateDocument {
  /** As Markdown, an element an entry; of rows those that did not pass. */
  lists: Record<ListName, readonly string[]>;
  render(kept: Kept): string;
}

/** The result as Markdown, in pieces that can be left out. Foreign text is escaped. */
export function gateDocument(result: GateResult): GateDocument {
  const rows = rowsToShow(result.rows);
  const isMany = byCell(result.rows).length > 1;
  const open = rows.filter(({ verdict }) => verdict !== 'pass');
  const { header, lines: rowLines } = rowsTable(rows, isMany);
  const lineOf = (row: GateRow) => rowLines.get(row) ?? '';
  const lists = {
    reasons: rowsToTell(rows).map((row) => reason(row, isMany)),
    rows: open.map(lineOf),
    causes: result.causes.map((cause) => causeText(cause, result)),
    voids: result.rounds.void.map(
      ({ cellId, round, side, reason: why }) =>
        `- round ${round} of ${foreign(labelOf(result, cellId))}, ${side}: ${foreign(why)}`,
    ),
    notes: result.notes.map((note) => `- ${foreign(note)}`),
    code: result.bundles.map(codeText),
  };
  const place = `gate/gate.json of run \`${result.runId.replace(/[^\w.-]/g, '_')}\``;

  const shown = (name: ListName, kept: Kept, what: string, gap = '\n'): string[] => {
    const missing = lists[name].length - kept[name];
    const are = missing === 1 ? `${what} is` : `${what}s are`;
    return [
      lists[name].slice(0, kept[name]).join(gap),
      missing > 0 ? `_${formatCount(missing)} more ${are} in ${place}._` : '',
    ];
  };
  const details = (kept: Kept) => [
    ...titled('Rounds that do not count', shown('voids', kept, 'round')),
    ...titled('Notes', shown('notes', kept, 'note')),
    ...titled('Code', shown('code', kept, 'bundle')),
    ...titled('Method', [escapeMarkdown(methodText(result))]),
  ];
  const table = (kept: Kept) => {
    const few = new Set(open.slice(0, kept.rows));
    const lines = rows
      .filter((row) => (row.verdict === 'pass' ? kept.passed : few.has(row)))
      .map(lineOf);
    const passed = rows.length - open.length;
    const folded = kept.passed || passed === 0 ? '' : `_${passedText(passed)} ${place}._`;
    return [
      lines.length === 0 ? '' : [header, ...lines].join('\n'),
      shown('rows', kept, 'row')[1] ?? '',
      folded,
    ];
  };

  return {
    lists,
    render(kept) {
      return joined([
        `## bench gate: ${verdictText(result)}`,
        `${foreign(sidesText(result))}; ${roundsText(result)}`,
        ...shown('reasons', kept, 'reason'),
        ...table(kept),
        sentence(quietGuards(result) ?? ''),
        ...titled('Why', shown('causes', kept, 'cause', '\n\n')),
        folding('Rounds, notes, code and method', details(kept)),
      ]);
    },
  };
}

const sentence = (text: string) => (text === '' ? '' : `${capital(text)}.`);

/** Paragraphs; empty ones are left out. */
function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function titled(title: string, blocks: readonly string[]): string[] {
  return blocks.every((block) => block === '') ? [] : [`### ${title}`, ...blocks];
}

function folding(title: string, blocks: readonly string[]): string {
  if (blocks.length === 0) return '';
  return `<details>\n<summary>${title}</summary>\n\n${joined(blocks)}\n</details>`;
}

function passedText(count: number): string {
  return count === 1
    ? '1 row that passed is in'
    : `${formatCount(count)} rows that passed are not shown; they are in`;
}

function reason(row: GateRow, isMany: boolean): string {
  const where = isMany ? ` of ${foreign(row.label)}` : '';
  const isOpen = row.verdict === 'inconclusive';
  return `- **${foreign(rowName(row))}**${where}${isOpen ? ' is undecided' : ''}: ${foreign(row.reason)}`;
}

function causeText(cause: GateCause, result: GateResult): string {
  const where = `**${metricName(cause.metric)} of ${foreign(labelOf(result, cause.cellId))}**`;
  const parts = partTexts(cause.parts).map(({ part, base, head, growth, interval }) =>
    [part, base, head, growth, interval].map(escapeMarkdown),
  );
  const examples = exampleTexts(cause).map((text) => `- ${foreign(text)}`);
  const table = parts.length === 0 ? '' : tableOf(['part', 'base', 'head', 'growth', '95%'], parts);
  return joined([`${where}: ${foreign(cause.sentence)}`, table, examples.join('\n')]).trimEnd();
}

function codeText({ key, baseBytes, headBytes, same }: GateResult['bundles'][number]): string {
  if (same) return `- ${foreign(key)}: ${formatBytes(headBytes)}, the same on both sides`;
  const from = baseBytes === null ? '' : `${formatCount(baseBytes)} → `;
  return `- ${foreign(key)}: ${from}${formatCount(headBytes)} bytes`;
}
