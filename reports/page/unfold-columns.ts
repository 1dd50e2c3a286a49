type Folded = { [key: string]: unknown } & { $keys?: string[]; $columns?: unknown[] };

/** Rows from the columns that src/report/page/fold-columns.ts made of them. */
export function unfoldColumns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unfoldColumns);
  if (typeof value !== 'object' || value === null) return value;
  const { $keys, $columns } = value as Folded;
  if ($columns !== undefined) return rowsOf($columns.map(unfoldColumns) as unknown[][], $keys);
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key.startsWith('$') ? key.slice(1) : key,
      unfoldColumns(own),
    ]),
  );
}

function rowsOf(columns: readonly unknown[][], keys: readonly string[] | undefined): unknown[] {
  const rows = columns[0]?.map((_, row) => columns.map((column) => column[row])) ?? [];
  if (keys === undefined) return rows;
  return rows.map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])));
}
