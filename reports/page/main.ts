import { draw } from './charts.ts';
import { wireFolded, wireLegends, wireTheme, wireTrials } from './controls.ts';
import { type PageData, readPage } from './data.ts';
import { wireDownloads } from './downloads.ts';
import { wireMatrix } from './matrix.ts';
import { fillTables } from './tables.ts';

/** Draws what the first screen shows, the rest before it is scrolled to, and all of it for paper. */
async function start(): Promise<void> {
  const page = await readPage();
  const charts = [...document.querySelectorAll<HTMLElement>('[data-chart]')];
  wireTheme();
  wireLegends();
  wireTrials();
  wireFolded();
  wireMatrix();
  wireDownloads(page);
  for (const details of document.querySelectorAll('details')) {
    details.addEventListener('toggle', () => {
      if (details.open) fillTables(details, page);
    });
  }
  for (const chart of charts) reserve(chart, page);
  for (const chart of charts.filter(onFirstScreen)) await draw(chart, page);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  drawWhenNear(charts, page);
  drawForPaper(charts, page);
}

/** What is folded away is near as soon as it is opened. */
function drawWhenNear(charts: readonly HTMLElement[], page: PageData): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        void draw(target as HTMLElement, page);
      }
    },
    { rootMargin: '800px 0px' },
  );
  for (const chart of charts) near.observe(chart);
}

function drawForPaper(charts: readonly HTMLElement[], page: PageData): void {
  const all = () => {
    for (const chart of charts) if (isShown(chart)) void draw(chart, page);
  };
  addEventListener('beforeprint', all);
  matchMedia('print').addEventListener('change', ({ matches }) => {
    if (matches) all();
  });
}

/** The page does not jump while charts are drawn. */
function reserve(chart: HTMLElement, page: PageData): void {
  const height = page.charts[chart.dataset.chart ?? '']?.height ?? 0;
  chart.style.minHeight = `${height + 24}px`;
}

const isShown = (chart: HTMLElement) =>
  chart.clientWidth > 0 && chart.closest('details:not([open])') === null;

/** With half a screen beyond: the legend of thirty cells pushes the first chart below the edge. */
const onFirstScreen = (chart: HTMLElement) =>
  isShown(chart) && chart.getBoundingClientRect().top < innerHeight * 1.5;

void start();
