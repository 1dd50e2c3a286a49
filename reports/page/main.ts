import { draw } from './charts.ts';
import { wireFolded, wireLegends, wireTheme, wireTrials } from './controls.ts';
import { type PageData, readPage } from './data.ts';
import { wireDownloads } from './downloads.ts';
import { wireMatrix } from './matrix.ts';
import { fillTables } from './tables.ts';

/**
 * Draws the first chart and what the first screen shows, the rest before it is scrolled to, and all of it
 * for paper.
 */
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
  const first = charts.find(isShown);
  for (const chart of charts.filter((one) => one === first || onFirstScreen(one))) {
    await draw(chart, page);
    // What is drawn is shown before the next is begun.
    await new Promise((next) => setTimeout(next));
  }
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  drawWhenNear(charts, page);
  drawForPaper(charts, page);
}

/**
 * What is folded away is near as soon as it is opened. One chart a frame: a section of fifty does not
 * hold up the reader who scrolls through it.
 */
function drawWhenNear(charts: readonly HTMLElement[], page: PageData): void {
  const waiting: HTMLElement[] = [];
  const drawWaiting = async () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      await draw(next, page).catch(reportError);
      await new Promise(requestAnimationFrame);
      waiting.shift();
    }
  };
  const near = new IntersectionObserver(
    (entries) => {
      const idle = waiting.length === 0;
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        waiting.push(target as HTMLElement);
      }
      if (idle) void drawWaiting();
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
