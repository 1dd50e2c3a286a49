import { type DataTable, type PageData, shown } from './data.ts';
import { save } from './save.ts';

const FIRST_ROWS = 500;

/** The table behind a chart is made when it is first opened: a page of 30 cells has 100,000 rows. */
export function fillTables(details: HTMLDetailsElement, page: PageData): void {
  const body = details.querySelector('.tables');
  if (!body || body.childElementCount > 0) return;
  for (const id of details.dataset.tablesOf?.split(' ') ?? []) {
    for (const [name, table] of Object.entries(page.charts[id]?.data ?? {})) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Download as CSV';
      button.addEventListener('click', () => {
        save(new Blob([csvOf(table, page)], { type: 'text/csv' }), `${id}-${name}.csv`);
      });
      const block = document.createElement('div');
      block.append(tableOf(table, page), button);
      body.append(block);
    }
  }
}

function tableOf(table: DataTable, page: PageData): HTMLElement {
  const scroll = document.createElement('div');
  scroll.className = 'scroll tall';
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', table.title);
  const element = document.createElement('table');
  const caption = element.createCaption();
  caption.textContent = `${table.title} (${table.rows.length.toLocaleString('en-US')} rows)`;
  const visible = table.columns
    .map((column, index) => ({ ...column, index }))
    .filter((column) => column.header !== '');
  const head = element.createTHead().insertRow();
  for (const column of visible) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    if (isText(column.field)) cell.className = 't';
    cell.textContent = column.header;
    head.append(cell);
  }
  const body = element.createTBody();
  const add = (from: number, to: number) => {
    for (const values of table.rows.slice(from, to)) {
      const row = body.insertRow();
      for (const { field, index } of visible) {
        const value = values[index];
        const cell = row.insertCell();
        cell.textContent = shown(field, value, page);
        if (isText(field)) cell.className = 't';
      }
    }
  };
  add(0, FIRST_ROWS);
  scroll.append(element);
  if (table.rows.length > FIRST_ROWS) {
    const more = document.createElement('button');
    more.type = 'button';
    more.textContent = `Show the other ${(table.rows.length - FIRST_ROWS).toLocaleString('en-US')} rows`;
    more.addEventListener('click', () => {
      add(FIRST_ROWS, table.rows.length);
      more.remove();
    });
    scroll.append(more);
  }
  return scroll;
}

/** Columns of words; all others are numbers and stand to the right. */
const isText = (field: string) =>
  ['cell', 'part', 'phase', 'phaseLabel', 'quantile', 'role', 'name'].includes(field);

/** RFC 4180. A leading `=`, `+`, `-` or `@` in text is quoted away from spreadsheets' formulas. */
export function csvOf(table: DataTable, page: PageData): string {
  const field = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const safe = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const visible = table.columns
    .map((column, index) => ({ ...column, index }))
    .filter((column) => column.header !== '');
  const lines = [visible.map((column) => field(column.header)).join(',')];
  for (const values of table.rows) {
    const cells = visible.map(({ field: name, index }) => {
      const value = values[index];
      if (value === null || value === undefined) return '';
      return field(
        typeof value === 'number' && name !== 'cell' && name !== 'part'
          ? String(value)
          : safe(shown(name, value, page)),
      );
    });
    lines.push(cells.join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
