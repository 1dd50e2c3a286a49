/**
 * How large the report of 30 cells × 10 trials is, how long it takes to write and until it can be used
 * in a real Chromium: its first screen drawn (the page says so itself), then every chart, as for paper.
 * Medians; each opening is a fresh context.
 *
 *   node benchmarks/report.ts [cells × trials: trials, 10 unless told] [openings, 5]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { median } from 'simple-statistics';
import { renderHtml } from '../src/report/html.ts';
import { manyCellsAnalysis } from '../src/report/testing/sample-analysis.ts';
import { startChromium } from '../test/chromium.ts';

const trials = Number(process.argv[2] ?? 10);
const openings = Number(process.argv[3] ?? 5);

interface Opening {
  firstPaintMs: number;
  readyMs: number;
  allDrawnMs: number;
}

/** Runs in the page, whose types this file does not have. */
const TIMES = `(async () => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const from = performance.now();
  dispatchEvent(new Event('beforeprint'));
  while (document.querySelectorAll('[data-chart]:not([data-drawn])').length > 0) {
    const left = [...document.querySelectorAll('[data-chart]:not([data-drawn])')];
    if (left.every((chart) => !chart.checkVisibility())) break;
    await new Promise(requestAnimationFrame);
  }
  return {
    firstPaintMs: paint ? paint.startTime : 0,
    readyMs: Number(document.documentElement.dataset.ready),
    allDrawnMs: performance.now() - from,
  };
})()`;

/** Times since the navigation began, but allDrawnMs, which is since all were asked for. */
async function openOnce(browser: Browser, url: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector('html[data-ready]');
  const times: Opening = await page.evaluate(TIMES);
  await context.close();
  return times;
}

const analysis = manyCellsAnalysis(trials);
await renderHtml(analysis);
const from = performance.now();
const text = await renderHtml(analysis);
const renderMs = performance.now() - from;

const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
const file = join(folder, 'report.html');
writeFileSync(file, text);
const chromium = await startChromium();
try {
  const found: Opening[] = [];
  for (let i = -1; i < openings; i += 1) {
    const one = await openOnce(chromium.browser, pathToFileURL(file).href);
    if (i >= 0) found.push(one);
  }
  const of = (key: keyof Opening) => `${Math.round(median(found.map((one) => one[key])))} ms`;
  const part = (id: string) =>
    (new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(text)?.[1] ?? '').length;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `${analysis.cells.length} cells × ${trials} trials: ${megabytes(Buffer.byteLength(text))} (gzip ${megabytes(gzipSync(text).length)}), of it the charts' data ${megabytes(part('page-data'))}, the analysis ${megabytes(part('analysis'))}`,
  );
  console.log(`written in          ${Math.round(renderMs)} ms`);
  console.log(`first paint         ${of('firstPaintMs')}`);
  console.log(`first screen drawn  ${of('readyMs')}`);
  console.log(`then all charts     ${of('allDrawnMs')}`);
} finally {
  await chromium.close();
  rmSync(folder, { recursive: true, force: true });
}
