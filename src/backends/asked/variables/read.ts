import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { UsageError } from '../../../base/errors.ts';
import type { FeedRow } from '../../../model/scenario.ts';
import type { Warning } from '../../../model/warning.ts';
import type { OwnOperation } from '../documents/read.ts';
import { FileProblems } from '../problems.ts';
import { readText } from '../text-file.ts';
import { readCsv } from './csv.ts';
import { inSelectionOrder } from './expected.ts';
import { filesOf, type VariableFiles } from './files.ts';
import { type Declared, declaredBy, fromCell, problemOf } from './input-types.ts';
import { readJsonRows } from './json.ts';
import { MAX_ROWS, type Table, type TableRow } from './table.ts';

export interface Feed {
  rows: FeedRow[];
  /** `data` of the first row's answer; undefined where none was said. */
  expected: unknown;
}

/**
 * The rows of every operation, in its order: from one .csv or .json file for all, or from a folder's
 * `<Operation>.csv` or `.json`. An operation without variables has one row without any. Throws
 * UsageError that says where `path` was `named`, with file and line of everything that is wrong; what
 * is only odd is a warning (which is stored: without the folders of this machine).
 */
export function readFeeds(
  path: string | null,
  operations: readonly OwnOperation[],
  schema: GraphQLSchema | null,
  named: string,
): { feeds: Feed[]; warnings: Warning[] } {
  const problems = new FileProblems(named);
  const files = path === null ? null : filesOf(path, operations, named);
  const tables = new Map<string, Table>();
  const used = new Map<string, Set<string>>();
  let count = 0;
  const feeds = operations.map((operation): Feed => {
    const declared = declaredBy(operation.definition, schema);
    const file = files === null ? undefined : files.of(operation.name);
    if (file === undefined) return withoutFile(operation, declared, files, problems);
    const table = tables.get(file) ?? readTable(file, named, problems);
    tables.set(file, table);
    const names = used.get(file) ?? new Set();
    used.set(file, names);
    for (const { name } of declared) names.add(name);
    if (files?.shared === true && operations.length > 1) refuseExpected(file, table, problems);
    if (declared.length > 0) count += table.rows.length;
    if (count > MAX_ROWS) throw tooMany(named);
    return feedOf(file, table, operation, declared, schema, problems);
  });
  problems.throwIfAny();
  const warnings = [...tables].flatMap(([file, table]) => unusedIn(file, table, used.get(file)));
  for (const file of files?.others ?? []) {
    warnings.push(
      note('unused-variables', `${basename(file)} is named after no operation and is not used`),
    );
  }
  return { feeds, warnings };
}

function tooMany(named: string): UsageError {
  const most = MAX_ROWS.toLocaleString('en-US');
  return new UsageError(
    `${named}: these are more than the ${most} rows for all operations that the load generator holds in memory; take fewer`,
  );
}

function readTable(file: string, named: string, problems: FileProblems): Table {
  const text = readText(file, named);
  return extname(file).toLowerCase() === '.json'
    ? readJsonRows(file, text, problems)
    : readCsv(file, text, problems);
}

function withoutFile(
  operation: OwnOperation,
  declared: readonly Declared[],
  files: VariableFiles | null,
  problems: FileProblems,
): Feed {
  const lacking = declared.filter(({ required }) => required);
  if (lacking.length > 0) {
    const what = `${operation.name} needs ${listed(lacking)}`;
    const how =
      files === null
        ? 'name a .csv or .json file with a column of that name, or a folder'
        : `its folder has no ${operation.name}.csv or ${operation.name}.json`;
    problems.add(placeOf(operation), `${what}; ${how}`);
  }
  return { rows: [{ variables: {}, digest: null }], expected: undefined };
}

function feedOf(
  file: string,
  table: Table,
  operation: OwnOperation,
  declared: readonly Declared[],
  schema: GraphQLSchema | null,
  problems: FileProblems,
): Feed {
  const asked = table.rows.some((row) => row.expected !== undefined);
  if (declared.length === 0 && !asked) {
    return { rows: [{ variables: {}, digest: null }], expected: undefined };
  }
  const lacking = declared.filter(
    ({ name, required }) => required && !table.columns.includes(name),
  );
  if (lacking.length > 0) {
    if (table.rows.length === 0) return { rows: [], expected: undefined };
    problems.add(
      file,
      `has no ${listed(lacking)}, which ${operation.name} (${placeOf(operation)}) needs; it has ${table.columns.join(', ') || 'no columns'}`,
    );
    return { rows: [], expected: undefined };
  }
  let firstExpected: unknown;
  const rows = table.rows.map((row, index): FeedRow => {
    const variables = variablesOf(row, declared, table.typed);
    const problem = problemOf(variables, declared);
    const at = `${file}:${row.line}`;
    if (problem !== null) problems.add(at, `${operation.name}: ${problem}`);
    if (row.expected === undefined) return { variables, digest: null };
    const ordered = inSelectionOrder(row.expected, operation, variables, schema);
    if (ordered.problem !== null) {
      const where = `${operation.name} (${placeOf(operation)})`;
      problems.add(at, `expected is no answer to ${where}: ${ordered.problem}`);
    }
    if (index === 0) firstExpected = ordered.data;
    return { variables, digest: digestOf(ordered.data) };
  });
  return { rows, expected: firstExpected };
}

/** Of a row what the operation declares. */
function variablesOf(
  { values }: TableRow,
  declared: readonly Declared[],
  typed: boolean,
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const one of declared) {
    const value = values[one.name];
    const converted = typed || value === undefined ? value : fromCell(String(value), one);
    if (converted !== undefined) variables[one.name] = converted;
  }
  return variables;
}

/** As the scenario compares answers: see FeedRow. */
function digestOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

function refuseExpected(file: string, { rows }: Table, problems: FileProblems): void {
  const row = rows.find(({ expected }) => expected !== undefined);
  if (row === undefined) return;
  const how = 'take a folder with a file named after each operation';
  problems.add(`${file}:${row.line}`, `"expected" in a file for several operations; ${how}`);
}

function unusedIn(file: string, { columns }: Table, names: Set<string> | undefined): Warning[] {
  const unused = columns.filter((name) => names?.has(name) !== true);
  if (unused.length === 0) return [];
  const are = unused.length === 1 ? 'is a variable' : 'are variables';
  const message = `${basename(file)}: ${unused.join(', ')} ${are} of no operation and not sent`;
  return [note('unused-variables', message)];
}

function note(code: string, message: string): Warning {
  return { code, severity: 'note', message };
}

function listed(declared: readonly Declared[]): string {
  return declared.map(({ name, type }) => `$${name} (${type})`).join(', ');
}

function placeOf({ origin }: OwnOperation): string {
  return `${origin.file}:${origin.line}`;
}
