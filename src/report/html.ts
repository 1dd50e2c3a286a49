import { gzipSync } from 'node:zlib';
import type { Analysis } from '../model/analysis.ts';
import { PARTS } from '../model/tables.ts';
import type { PageData } from './charts/chart.ts';
import { compileSpec } from './charts/specs.ts';
import { colourVariable, partColour } from './colours.ts';
import { Html, html, scriptJson } from './html-text.ts';
import { partLabel } from './labels.ts';
import { type PageContext, pageContext } from './page/context.ts';
import { foldColumns } from './page/fold-columns.ts';
import { pageStyle, policyHash, readPageFile, runtimeScript } from './page/runtime.ts';
import { sectionsOf } from './page/sections.ts';
import { verdictText } from './verdict/words.ts';

/** Above this many characters data are packed: 30 cells × 10 trials are 4 MB otherwise. */
const PACK_ABOVE = 400_000;

/**
 * The report as one HTML file that needs no network and allows no script but its own. Every string
 * of the analysis is text in it, wherever it comes from.
 */
export async function renderHtml(analysis: Analysis): Promise<string> {
  const context = pageContext(analysis);
  const sections = sectionsOf(context);
  const script = await runtimeScript();
  const style = pageStyle();
  const policy = [
    "default-src 'none'",
    `script-src ${policyHash(script)}`,
    `style-src ${policyHash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const slots: Record<string, Html> = {
    policy: html`${policy}`,
    title: html`${titleOf(context)}`,
    run: html`${analysis.run.runId}`,
    tool: html`${analysis.run.fingerprint.tool}`,
    nav: html`${sections.map(({ id, name }) => html`<a href="#${id}">${name}</a>`)}`,
    style: new Html(style),
    main: html`${sections.map(({ body }) => body)}`,
    data: dataElement('page-data', pageData(context)),
    analysis: dataElement('analysis', analysis),
    script: new Html(script),
  };
  return readPageFile('page.html').replace(
    /(?:<!--|\/\*) slot (\w+) (?:-->|\*\/)/g,
    (_, name: string) => slots[name]?.text ?? '',
  );
}

/** `FAIL · dynamo apollo · 20261120-191500-x7f2`, what a tab of the browser shows. */
function titleOf({ analysis: { gate, run }, names }: PageContext): string {
  const verdict = gate === null ? '' : verdictText(gate);
  const parts = [verdict, names.shared.slice(0, 2).join(' '), run.runId];
  return parts.filter((part) => part !== '').join(' · ');
}

function pageData(context: PageContext): PageData {
  const { cells, run } = context.analysis;
  const specs = [...new Set(context.charts.map((chart) => chart.spec))];
  return {
    cells: cells.map((cell, i) => ({
      label: context.names.labels[i] ?? cell.cell.id,
      colour: colourVariable(context.colours[i] ?? ''),
      isVoid: cell.validity.state === 'void',
    })),
    parts: PARTS.map((part) => ({
      label: partLabel(
        part,
        cells.map(({ cell }) => cell),
      ),
      colour: partColour(part),
    })),
    specs: Object.fromEntries(specs.map((name) => [name, compileSpec(name).spec])),
    charts: Object.fromEntries(context.charts.map(({ id, ...chart }) => [id, chart])),
    analysisFile: `analysis-${run.runId.replace(/[^\w.-]/g, '_')}.json`,
  };
}

/** JSON for the page: readable while it is short; where it is long its columns, gzip, in base64. */
function dataElement(id: string, value: unknown): Html {
  const plain = scriptJson(value);
  if (plain.text.length <= PACK_ABOVE) {
    return html`<script type="application/json" id="${id}">${plain}</script>`;
  }
  const packed = gzipSync(JSON.stringify(foldColumns(value)), { level: 9 }).toString('base64');
  return html`<script type="application/octet-stream" id="${id}" data-packed="columns gzip">${packed}</script>`;
}
