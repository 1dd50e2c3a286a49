import { operationFinding } from '../findings.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import type { PageContext } from './context.ts';
import { cellName, chartFigure, figureCell, isVoid } from './pieces.ts';

/** Latency by GraphQL operation. */
export function operations(context: PageContext): Html {
  const { cells } = context.analysis;
  const names = [...new Set(cells.flatMap((cell) => cell.byOperation.map((row) => row.operation)))];
  const rows = names.flatMap((name) =>
    cells.flatMap((cell, index) => {
      const row = cell.byOperation.find((candidate) => candidate.operation === name);
      return row ? [{ name, cell, index, row }] : [];
    }),
  );
  return chartFigure({
    id: 'operations',
    title: operationFinding(context.named),
    subtitle: 'By GraphQL operation. Latency of the hold phase, failures of all phases.',
    body:
      rows.length > 0
        ? html`<div class="scroll tall" tabindex="0" role="region" aria-label="Operations"><table><caption class="hidden">Operations by cell</caption><thead><tr><th scope="col">operation</th><th scope="col" class="t">cell</th><th scope="col">requests</th><th scope="col">failures</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th></tr></thead><tbody>${rows.map(
            ({ name, cell, index, row }, i) => {
              const struck = isVoid(cell);
              const first = rows[i - 1]?.name !== name;
              return html`<tr class="${first ? 'first ' : ''}${struck ? 'void' : ''}"><th scope="row">${first ? name : html`<span class="again">${name}</span>`}</th><td class="t">${cellName(context, index)}</td><td>${formatCount(row.requests)}</td><td>${formatCount(row.failures)}</td><td>${figureCell(row.p50, struck)}</td><td>${figureCell(row.p95, struck)}</td><td>${figureCell(row.p99, struck)}</td></tr>`;
            },
          )}</tbody></table></div>`
        : html`<p class="empty">No operation was answered.</p>`,
  });
}
