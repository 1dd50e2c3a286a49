import { cut, lengthOf, plain } from './text.ts';

export interface Column<Row> {
  header: string;
  of(row: Row): string;
  /** Narrow terminals lose the columns of the highest number first; those of 0 stay. */
  drop: number;
  /** Words stand to the left, figures to the right. */
  words?: boolean;
  /** Left out where no row has anything in it, whatever its number. */
  mayLack?: boolean;
}

interface TableLook<Row> {
  width: number;
  header(text: string): string;
  /** Of the last column, which nothing follows. */
  last?(row: Row, text: string): string;
}

const GAP = '  ';
/** The first column is cut to this where nothing else can go. */
const SHORTEST_NAME = 8;

/** A header and a line a row, each at most `width` columns, where the columns that stay let it. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, header, last = (_, text) => text }: TableLook<Row>,
): string[] {
  let shown = columns
    .map((column) => ({
      column,
      texts: [column.header, ...rows.map((row) => plain(column.of(row)))],
    }))
    .filter(
      ({ column, texts }) =>
        (column.drop === 0 && column.mayLack !== true) || texts.slice(1).some(isFilled),
    );
  const [first] = shown;
  if (first === undefined) return [];
  first.texts = first.texts.map((text) => cut(text, Math.floor(width * 0.4)));
  while (widthOf(shown) > width) {
    const worst = Math.max(...shown.map(({ column }) => column.drop));
    if (worst === 0) break;
    shown = shown.filter(({ column }) => column.drop < worst);
  }
  const excess = widthOf(shown) - width;
  if (excess > 0) {
    const room = Math.max(SHORTEST_NAME, widest(first.texts) - excess);
    first.texts = first.texts.map((text) => cut(text, room));
  }
  const widths = shown.map(({ texts }) => widest(texts));
  const pieces = (at: number) =>
    shown.map(({ column, texts }, i) => {
      const text = texts[at] ?? '';
      const space = ' '.repeat((widths[i] ?? 0) - lengthOf(text));
      return column.words ? text + space : space + text;
    });
  return [
    header(pieces(0).join(GAP).trimEnd()),
    ...rows.map((row, i) => {
      const [end = '', ...before] = pieces(i + 1).reverse();
      return [...before.reverse(), last(row, end.trimEnd())].join(GAP).trimEnd();
    }),
  ];
}

const isFilled = (text: string) => text !== '' && text !== '–';
const widest = (texts: readonly string[]) => Math.max(...texts.map(lengthOf));

function widthOf(shown: readonly { texts: readonly string[] }[]): number {
  return shown.reduce((sum, { texts }) => sum + widest(texts), GAP.length * (shown.length - 1));
}
