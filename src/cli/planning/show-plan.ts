import { FACTORS, type Factor, levelOf } from '../../model/endpoint.ts';
import type { Cell } from '../../model/run.ts';
import { costLines, resourceLines } from './cost-lines.ts';
import type { PlanDocument } from './describe-plan.ts';

/** As many cells as are looked through; of more, the first few stand for the rest. */
const LISTED_CELLS = 40;
const FIRST_CELLS = 8;

/** A plan for people. `size`: `24 trials, about 6 m`. */
export function showPlan(plan: PlanDocument, size: string): string {
  const sections = [
    settings(plan),
    operations(plan),
    cells(plan.cells),
    remote(plan.remote),
    conclusion(plan, size),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function remote(fields: PlanDocument['remote']): string {
  if (fields === null) return '';
  const { resources, cost, caps } = fields;
  const made = resources === null ? [] : [resourceLines(resources)];
  return [...made, costLines(cost, caps)].join('\n\n');
}

function settings({ settings, leftOut, gaps, warnings }: PlanDocument): string {
  const rows = settings.map(({ name, value, source }) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
    source,
  ]);
  const notes = [
    ...leftOut.map(leftOutLine),
    ...[...gaps, ...warnings].map((note) => `note: ${note}`),
  ];
  return [table(['setting', 'value', 'from'], rows), ...notes].join('\n');
}

/** A setting of the configuration that a flag made meaningless. */
export function leftOutLine({ name, because }: PlanDocument['leftOut'][number]): string {
  return `left out: ${name} of the configuration, as ${because}`;
}

function operations({ operations }: PlanDocument): string {
  const rows = operations.map(({ name, weight, share }) => [
    name,
    String(weight),
    `${Number((share * 100).toFixed(1))}%`,
  ]);
  return table(['operation', 'weight', 'share'], rows);
}

function cells(all: readonly Cell[]): string {
  const varying = FACTORS.filter((factor) => levels(all, factor).length > 1);
  const count = all.length === 1 ? '1 cell' : `${all.length} cells`;
  if (all.length <= LISTED_CELLS) return `${count}\n${listed(all, varying)}`;
  const byFactor = varying.map((factor) => [
    factor,
    levels(all, factor)
      .map((level) => `${level} × ${cellsWith(all, factor, level)}`)
      .join(', '),
  ]);
  return [
    count,
    table(['factor', 'cells of each level'], byFactor),
    `the first ${FIRST_CELLS}; all of them: --json`,
    listed(all.slice(0, FIRST_CELLS), varying),
  ].join('\n');
}

function listed(some: readonly Cell[], varying: readonly Factor[]): string {
  const rows = some.map((cell) => [
    cell.id,
    ...varying.map((factor) => levelOf(cell.endpoint, factor) ?? '–'),
  ]);
  return table(['cell', ...varying], rows);
}

function levels(all: readonly Cell[], factor: Factor): string[] {
  return [...new Set(all.map(({ endpoint }) => levelOf(endpoint, factor) ?? '–'))];
}

function cellsWith(all: readonly Cell[], factor: Factor, level: string): number {
  return all.filter(({ endpoint }) => (levelOf(endpoint, factor) ?? '–') === level).length;
}

function conclusion(plan: PlanDocument, size: string): string {
  const { cells, rounds, trials, asksFirst } = plan;
  const how = rounds === 1 ? '' : ` (${cells.length} × ${rounds} rounds)`;
  const asks = asksFirst ? '\nrun asks first, or takes --yes' : '';
  // Where there is a cost, the time stands with it.
  if (plan.remote !== null) return `${trials === 1 ? '1 trial' : `${trials} trials`}${how}${asks}`;
  return `${size}${how}, without starting and seeding${asks}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((text, column) => text.padEnd(widths[column] as number)).join('  ')}`.trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
