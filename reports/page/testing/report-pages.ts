import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import type { Analysis } from '../../../src/model/analysis.ts';
import { renderHtml } from '../../../src/report/html.ts';
import { startChromium } from '../../../test/chromium.ts';

/** The page as a reader opens it: from a file, in a real browser. */
export interface Opened {
  page: Page;
  /** What the console, uncaught errors and the policy said. */
  complaints: string[];
}

export interface ReportPages {
  /** With every chart drawn that is not folded away; `lazy` leaves it to what is on the screen. */
  open(
    name: string,
    options?: {
      width?: number;
      colorScheme?: 'light' | 'dark';
      lazy?: boolean;
      javaScriptEnabled?: boolean;
    },
  ): Promise<Opened>;
  /** The file a sample was written to. */
  fileOf(name: string): string;
  close(): Promise<void>;
}

/** Writes the report of each sample and starts a browser to open them in. */
export async function startReportPages(
  samples: Record<string, () => Analysis>,
): Promise<ReportPages> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-report-'));
  const fileOf = (name: string) => join(folder, `${name}.html`);
  for (const [name, make] of Object.entries(samples)) {
    writeFileSync(fileOf(name), await renderHtml(make()));
  }
  const chromium = await startChromium(inject('chromiumFolder'));
  return {
    fileOf,
    async open(name, options = {}) {
      const context = await chromium.browser.newContext({
        viewport: { width: options.width ?? 1440, height: 900 },
        colorScheme: options.colorScheme ?? 'light',
        acceptDownloads: true,
        javaScriptEnabled: options.javaScriptEnabled ?? true,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${fileOf(name)}`);
      if (options.javaScriptEnabled === false) return { page, complaints };
      await page.waitForSelector('html[data-ready]');
      if (!options.lazy) await drawAll(page);
      return { page, complaints };
    },
    async close() {
      await chromium.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens all that is folded away and waits until its charts are drawn. */
export async function unfold(page: Page): Promise<void> {
  await page.$$eval('details', (all) => {
    for (const details of all) details.open = true;
  });
  await drawAll(page);
}

/** Pairs of texts of one chart that lie on each other, among the charts of a selector. */
export function overlappingTexts(page: Page, charts: string): Promise<string[]> {
  return page.$$eval(charts, (found) =>
    found.flatMap((chart) => {
      const boxes = [...chart.querySelectorAll('svg text')]
        .filter((text) => text.textContent !== '' && getComputedStyle(text).opacity !== '0')
        .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      return boxes.flatMap((a, i) =>
        boxes.slice(i + 1).flatMap((b) => {
          const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          const id = chart.getAttribute('data-chart');
          return x > 1 && y > 3 ? [`${id}: ${a.text} / ${b.text}`] : [];
        }),
      );
    }),
  );
}

/** Asks for every chart, as printing does; those of a choice that is not made stay hidden. */
async function drawAll(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('[data-chart]:not([data-drawn])')].every(
      (chart) => chart.clientWidth === 0 || chart.closest('details:not([open])') !== null,
    ),
  );
}
