/** Fewer rows than this are not worth it. */
const LEAST_ROWS = 4;

/**
 * JSON with the rows of its tables turned into columns, which compress to two thirds: an array of objects
 * with the same keys becomes `{$keys, $columns}`, an array of arrays of one length `{$columns}`. A key
 * that begins with `$` gets another one. `unfoldColumns` of the page undoes it, the order of keys
 * included.
 */
export function foldColumns(value: unknown): unknown {
  if (Array.isArray(value)) return foldRows(value) ?? value.map(foldColumns);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    keysOf(value).map((key) => [key.startsWith('$') ? `$${key}` : key, foldColumns(value[key])]),
  );
}

function foldRows(rows: readonly unknown[]): object | null {
  const [first] = rows;
  if (rows.length < LEAST_ROWS) return null;
  if (Array.isArray(first)) {
    if (!rows.every((row) => Array.isArray(row) && row.length === first.length)) return null;
    return first.length === 0 ? null : { $columns: columns(first.keys(), rows as unknown[][]) };
  }
  if (!isObject(first)) return null;
  const keys = keysOf(first);
  const same = (row: unknown) => {
    if (!isObject(row)) return false;
    const own = keysOf(row);
    return own.length === keys.length && own.every((key, i) => key === keys[i]);
  };
  if (keys.length === 0 || !rows.every(same)) return null;
  return { $keys: keys, $columns: columns(keys, rows as Record<string, unknown>[]) };
}

function columns<Key extends PropertyKey>(
  keys: Iterable<Key>,
  rows: readonly Partial<Record<Key, unknown>>[],
): unknown[] {
  return [...keys].map((key) => foldColumns(rows.map((row) => row[key])));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As JSON has them. */
const keysOf = (value: Record<string, unknown>) =>
  Object.keys(value).filter((key) => value[key] !== undefined);
