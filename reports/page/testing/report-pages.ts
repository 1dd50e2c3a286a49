import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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
  open(name: string, options?: { width?: number; colorScheme?: 'light' | 'dark' }): Promise<Opened>;
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
  const chromium = await startChromium();
  return {
    fileOf,
    async open(name, options = {}) {
      const context = await chromium.browser.newContext({
        viewport: { width: options.width ?? 1440, height: 900 },
        colorScheme: options.colorScheme ?? 'light',
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${fileOf(name)}`);
      await page.waitForSelector('html[data-ready]');
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
  await page.waitForFunction(
    () => document.querySelectorAll('[data-chart]:not([data-drawn])').length === 0,
  );
}
