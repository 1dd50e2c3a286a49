import { parse, View, Warn } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { type PageData, rowsOf, type VegaSpec } from './data.ts';

const views = new Map<HTMLElement, View>();
/** What readers chose, for charts that are drawn later. */
const chosen = new Map<ParentNode, Map<string, number>>();

/** Draws the chart of a `[data-chart]` element, once. */
export async function draw(element: HTMLElement, page: PageData): Promise<void> {
  const chart = page.charts[element.dataset.chart ?? ''];
  const spec = chart && page.specs[chart.spec];
  if (!chart || !spec || views.has(element)) return;
  const data = (spec.data ?? []).map((source) => {
    const table = chart.data[source.name];
    return table ? { ...source, values: rowsOf(table, page) } : source;
  });
  const filled: VegaSpec = { ...spec, data };
  // The policy forbids eval: expressions are parsed to trees and interpreted.
  const view = new View(parse(filled as Parameters<typeof parse>[0], undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: element,
    hover: false,
    logLevel: Warn,
  });
  views.set(element, view);
  for (const [name, value] of Object.entries(chart.signals)) view.signal(name, value);
  for (const [within, signals] of chosen) {
    if (!within.contains(element)) continue;
    for (const [name, value] of signals) if (hasSignal(view, name)) view.signal(name, value);
  }
  view.height(chart.height).width(element.clientWidth);
  await view.runAsync();
  element.dataset.drawn = 'yes';
  sizes.observe(element);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const view = views.get(target as HTMLElement);
    const width = Math.floor(contentRect.width);
    if (view && width > 0 && width !== Math.floor(view.width())) view.width(width).runAsync();
  }
});

/** Sets a signal in every chart that has it, now or when it is drawn. */
export function setSignal(name: string, value: number, within: ParentNode = document): void {
  chosen.set(within, (chosen.get(within) ?? new Map<string, number>()).set(name, value));
  for (const [element, view] of views) {
    if (within.contains(element) && hasSignal(view, name)) view.signal(name, value).runAsync();
  }
}

const hasSignal = (view: View, name: string) =>
  name in view.getState({ signals: (signal) => signal === name }).signals;
