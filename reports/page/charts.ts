import { parse, type Runtime, View, Warn } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { type PageData, rowsOf, type VegaSpec } from './data.ts';

const views = new Map<HTMLElement, View>();
/** What readers chose, for charts that are drawn later. */
const chosen = new Map<ParentNode, Map<string, number>>();
/** Fifty charts may be of one spec: it is parsed once, and each has data and signals of its own. */
const runtimes = new Map<string, Runtime>();

/** Draws the chart of a `[data-chart]` element, once; says when, in ms since the navigation began. */
export async function draw(element: HTMLElement, page: PageData): Promise<void> {
  const chart = page.charts[element.dataset.chart ?? ''];
  const spec = chart && page.specs[chart.spec];
  if (!chart || !spec || views.has(element)) return;
  const view = new View(runtimeOf(chart.spec, spec), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: element,
    hover: false,
    logLevel: Warn,
  });
  views.set(element, view);
  for (const [name, table] of Object.entries(chart.data)) view.data(name, rowsOf(table, page));
  for (const [name, value] of Object.entries(chart.signals)) view.signal(name, value);
  for (const [within, signals] of chosen) {
    if (!within.contains(element)) continue;
    for (const [name, value] of signals) if (hasSignal(view, name)) view.signal(name, value);
  }
  view.height(chart.height).width(element.clientWidth);
  await view.runAsync();
  element.dataset.drawn = String(Math.round(performance.now()));
  sizes.observe(element);
}

/** The policy forbids eval: expressions are parsed to trees and interpreted. */
function runtimeOf(name: string, spec: VegaSpec): Runtime {
  const known = runtimes.get(name);
  if (known) return known;
  const made = parse(spec as Parameters<typeof parse>[0], undefined, { ast: true });
  runtimes.set(name, made);
  return made;
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
