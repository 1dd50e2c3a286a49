import { draw } from './charts.ts';
import { wireFactors, wireLegends, wireTheme, wireTrials } from './controls.ts';
import { type PageData, readPage } from './data.ts';
import { wireDownloads } from './downloads.ts';
import { fillTables } from './tables.ts';

/** Draws what can be seen, what is folded away when it is opened. */
async function start(): Promise<void> {
  const page = readPage();
  const charts = (within: ParentNode) => within.querySelectorAll<HTMLElement>('[data-chart]');
  wireTheme();
  wireLegends();
  wireTrials();
  wireFactors();
  wireDownloads(page);
  for (const details of document.querySelectorAll('details')) {
    details.addEventListener('toggle', () => {
      if (!details.open) return;
      fillTables(details, page);
      for (const element of charts(details)) if (visible(element)) void draw(element, page);
    });
  }
  for (const element of charts(document)) reserve(element, page);
  for (const element of charts(document)) if (visible(element)) await draw(element, page);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

/** The page does not jump while charts are drawn. */
function reserve(element: HTMLElement, page: PageData): void {
  const height = page.charts[element.dataset.chart ?? '']?.height ?? 0;
  element.style.minHeight = `${height + 24}px`;
}

const visible = (element: HTMLElement) =>
  element.clientWidth > 0 && element.closest('details:not([open])') === null;

void start();
