/**
 * The report of a large run: what its analysis takes, what writing the page takes, how large the page is
 * and of what, and how soon it can be used in a real Chromium on this machine. Half a million requests
 * unless told otherwise: 10 cells (two of them bursts) × 5 trials × 10,000 requests, made on disk by
 * DuckDB as merge would (half a minute).
 *
 * Times in the browser are medians, each opening in a fresh context, since the navigation began; a chart
 * counts as drawn in the frame after its marks are in the page.
 *
 *   node benchmarks/report.ts [cells 10] [trials 5] [requests a trial 10000] [openings 5]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { median } from 'simple-statistics';
import { analyseRun } from '../src/analysis/analyse-run.ts';
import { type LargeRun, writeLargeRun } from '../src/analysis/testing/large-run.ts';
import type { Analysis } from '../src/model/analysis.ts';
import { renderHtml } from '../src/report/html.ts';
import { startChromium } from '../test/chromium.ts';
import { measureAlone, megabytes, took, workIfAsked } from './own-process.ts';

const recordsOf = (folder: string) => join(folder, 'run-and-trials.json');
const analysisOf = (folder: string) => join(folder, 'analysis.json');
const pageOf = (folder: string) => join(folder, 'report.html');
await workIfAsked({ analyse, write });

async function analyse(folder: string): Promise<void> {
  const job = JSON.parse(readFileSync(recordsOf(folder), 'utf8')) as LargeRun;
  writeFileSync(analysisOf(folder), `${JSON.stringify(await analyseRun(job), null, 2)}\n`);
}

async function write(folder: string): Promise<void> {
  const analysis = JSON.parse(readFileSync(analysisOf(folder), 'utf8')) as Analysis;
  writeFileSync(pageOf(folder), await renderHtml(analysis));
}

/** In the page before its own script: the frame after the first chart has its marks. */
const WATCH = `new MutationObserver((_, own) => {
  if (!document.querySelector('[data-drawn]')) return;
  own.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.firstChartMs = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-drawn'] })`;

/** Runs in the page, whose types this file does not have. */
const TIMES = `(async () => {
  while (window.firstChartMs === undefined) await new Promise(requestAnimationFrame);
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const from = performance.now();
  dispatchEvent(new Event('beforeprint'));
  const shown = (chart) => chart.checkVisibility() && !chart.closest('details:not([open])');
  while ([...document.querySelectorAll('[data-chart]:not([data-drawn])')].some(shown)) {
    await new Promise(requestAnimationFrame);
  }
  return {
    firstPaintMs: paint ? paint.startTime : 0,
    firstChartMs: window.firstChartMs,
    firstScreenMs: Number(document.documentElement.dataset.ready),
    allDrawnMs: performance.now() - from,
    charts: document.querySelectorAll('[data-drawn]').length,
    elements: document.querySelectorAll('*').length,
  };
})()`;

interface Opening {
  firstPaintMs: number;
  firstChartMs: number;
  firstScreenMs: number;
  /** Since all were asked for, as for paper. */
  allDrawnMs: number;
  charts: number;
  elements: number;
  /** The page's JavaScript heap after a collection, all charts drawn. */
  heapBytes: number;
}

async function openOnce(browser: Browser, url: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector('html[data-ready]');
  const times: Omit<Opening, 'heapBytes'> = await page.evaluate(TIMES);
  const tools = await context.newCDPSession(page);
  await tools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tools.send('Runtime.getHeapUsage');
  await context.close();
  return { ...times, heapBytes: usedSize };
}

/** Characters of the page, which is ASCII but for names and signs, by what they are for. */
function partsOf(page: string): [string, string][] {
  const inside = (pattern: RegExp) => pattern.exec(page)?.[1] ?? '';
  return [
    ['script (Vega and ours)', inside(/<script>([\s\S]*?)<\/script>/)],
    ['style', inside(/<style>([\s\S]*?)<\/style>/)],
    ['markup: text, figures, tables', inside(/<main>([\s\S]*)<\/main>/)],
    ['charts: specs and data', inside(/id="page-data"[^>]*>([^<]*)</)],
    ['the analysis, to be saved', inside(/id="analysis"[^>]*>([^<]*)</)],
  ];
}

const [cells, rounds, requests, openings] = [10, 5, 10_000, 5].map((usual, i) =>
  Number(process.argv[i + 2] ?? usual),
) as [number, number, number, number];
const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
try {
  const size = { cells, rounds, requests, bursts: Math.floor(cells / 5) };
  writeFileSync(recordsOf(folder), JSON.stringify(await writeLargeRun(folder, size)));
  const total = (cells * rounds * requests).toLocaleString('en');
  console.log(`${cells} cells × ${rounds} trials × ${requests} requests: ${total} requests`);
  const line = (name: string, text: string) => console.log(`${name.padEnd(32)} ${text}`);
  line('Parquet → analysis.json', took(measureAlone(import.meta.filename, 'analyse', folder)));
  const written = measureAlone(import.meta.filename, 'write', folder);
  line('analysis.json → report.html', took(written));
  line('  with the start of Node', `${(written.ms / 1000).toFixed(2)} s`);
  line('analysis.json', megabytes(readFileSync(analysisOf(folder)).length));
  const page = readFileSync(pageOf(folder), 'utf8');
  const bytes = Buffer.byteLength(page);
  line('report.html', `${megabytes(bytes)}, ${megabytes(gzipSync(page).length)} compressed`);
  for (const [name, text] of partsOf(page)) line(`  ${name}`, megabytes(Buffer.byteLength(text)));
  const chromium = await startChromium();
  try {
    const found: Opening[] = [];
    for (let i = -1; i < openings; i += 1) {
      const one = await openOnce(chromium.browser, pathToFileURL(pageOf(folder)).href);
      if (i >= 0) found.push(one);
    }
    const of = (key: keyof Opening) => median(found.map((one) => one[key]));
    const ms = (key: keyof Opening) => `${Math.round(of(key))} ms`;
    line('first paint', ms('firstPaintMs'));
    line('first chart drawn', ms('firstChartMs'));
    line('first screen drawn', ms('firstScreenMs'));
    line('then all charts not folded away', `${ms('allDrawnMs')}, ${of('charts')} charts`);
    line('JavaScript heap', `${megabytes(of('heapBytes'))}, ${of('elements')} elements`);
  } finally {
    await chromium.close();
  }
  const keep = process.env.KEEP_REPORT;
  if (keep !== undefined) writeFileSync(keep, page);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
