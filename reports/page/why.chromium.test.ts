import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  burstAnalysis,
  coldAnalysis,
  manyCellsAnalysis,
  sampleAnalysis,
} from '../../src/report/testing/sample-analysis.ts';
import { overlappingTexts, type ReportPages, startReportPages } from './testing/report-pages.ts';

let pages: ReportPages;
const open = (...args: Parameters<ReportPages['open']>) => pages.open(...args);
beforeAll(async () => {
  pages = await startReportPages({
    two: () => sampleAnalysis({ trials: 5 }),
    many: () => manyCellsAnalysis(10),
    cold: () => coldAnalysis(),
    burst: () => burstAnalysis(5),
  });
}, 120_000);
afterAll(() => pages?.close(), 30_000);

test('thirty cells of ten trials: the first screen is drawn first, the rest when it is near', async () => {
  const { page, complaints } = await open('many', { lazy: true });
  const drawn = () => page.$$eval('[data-chart][data-drawn]', (all) => all.length);
  expect(await page.$$eval('[data-chart="percentiles"][data-drawn]', (all) => all.length)).toBe(1);
  const there = await page.$$eval('[data-chart]', (all) => all.length);
  expect(await drawn()).toBeLessThan(there / 2);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  await page.evaluate(() => document.querySelector('[data-chart="timeline-30"]')?.scrollIntoView());
  await page.waitForSelector('[data-chart="timeline-30"][data-drawn] svg');
  expect(Math.abs((await height()) - before) / before).toBeLessThan(0.05);
  expect(complaints).toEqual([]);
  await page.context().close();
}, 60_000);

test('what was chosen before a chart is drawn holds for it, too', async () => {
  const { page } = await open('two', { lazy: true });
  await page.click('button[data-cell="1"] >> nth=0');
  expect(await page.$$eval('[data-chart="cold-init"][data-drawn]', (all) => all.length)).toBe(0);
  await page.locator('[data-chart="cold-init"]').scrollIntoViewIfNeeded();
  await page.waitForSelector('[data-chart="cold-init"][data-drawn] svg');
  expect(
    await page.locator('[data-chart="cold-init"] .mark-symbol path[opacity="0.06"]').count(),
  ).toBeGreaterThan(5);
  await page.context().close();
});

test('paper gets every chart, though none was scrolled to', async () => {
  const { page } = await open('burst', { lazy: true });
  const left = () =>
    page.$$eval('[data-chart]:not([data-drawn])', (all) =>
      all.flatMap((chart) =>
        chart.clientWidth > 0 && !chart.closest('details:not([open])')
          ? [chart.getAttribute('data-chart')]
          : [],
      ),
    );
  expect((await left()).length).toBeGreaterThan(3);
  await page.pdf({ format: 'A4' });
  expect(await left()).toEqual([]);
  await page.context().close();
}, 60_000);

test('the quantile is chosen by arrow keys, and the charts of the other are drawn then', async () => {
  const { page } = await open('many', { lazy: true });
  const shown = () =>
    page.$$eval('.tail', (all) =>
      all.filter((one) => one.checkVisibility()).map((one) => one.className),
    );
  expect(await shown()).toEqual(['tail tail-p99']);
  await page.focus('#tail-p99');
  await page.keyboard.press('ArrowRight');
  expect(await shown()).toEqual(['tail tail-p999']);
  await page.waitForSelector('[data-chart="tail-p999"][data-drawn] svg');
  await page.context().close();
}, 30_000);

test('without a script p99 and its tables are there, and another quantile can be chosen', async () => {
  const { page } = await open('two', { javaScriptEnabled: false });
  const tables = page.locator('.tail-p99 tbody');
  expect(await tables.first().innerText()).toContain('2048 MB');
  await page.check('#tail-p95');
  expect(await page.isVisible('.tail-p95')).toBe(true);
  expect(await page.isVisible('.tail-p99')).toBe(false);
  await page.context().close();
});

test('every trial of thirty cells is on one screen, and states differ in more than colour', async () => {
  const { page } = await open('many', { width: 1280, lazy: true });
  const box = await page.locator('table.matrix').boundingBox();
  expect(box?.height).toBeLessThan(800);
  expect(await page.$$eval('table.matrix .mark', (all) => all.length)).toBe(300);
  const shapes = await page.$$eval('#validity .legend .mark', (marks) =>
    marks.map((mark) => {
      const style = getComputedStyle(mark);
      const { content } = getComputedStyle(mark, '::before');
      return [style.borderRadius, style.clipPath, content, style.outlineStyle].join();
    }),
  );
  expect(new Set(shapes).size).toBe(4);
  await page.context().close();
}, 30_000);

test('a mark tells its reason by key, and leads to its row', async () => {
  const { page } = await open('many', { width: 1280, lazy: true });
  const stops = page.locator('table.matrix a[tabindex="0"]');
  expect(await stops.count()).toBe(1);
  await stops.focus();
  await page.keyboard.press('ArrowDown');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
  const first = await focused();
  expect(first).toMatch(/^#trial-2-\d+$/);
  await page.keyboard.press('ArrowLeft');
  expect(await focused()).not.toBe(first);
  const said = await page.innerText('[data-said-here]');
  expect(said).toContain('dynamo · apollo · 512 MB');
  expect(said).toMatch(/left out|doubtful/);
  const row = page.locator(await focused());
  await page.keyboard.press('Enter');
  await expect.poll(() => row.isVisible()).toBe(true);
  await page.context().close();
}, 30_000);

test('a trial can be chosen for a burst, whose charts stand on one time axis', async () => {
  const { page } = await open('burst');
  const line = () =>
    page.locator('[data-chart="burst-1"] .mark-line path').first().getAttribute('d');
  const before = await line();
  await page.selectOption('section:has(#burst-title) select[data-trials]', '2');
  await expect.poll(line).not.toBe(before);
  const left = await page.$$eval(
    '[data-chart="burst-1"], [data-chart="burst-cold-1"], [data-chart="burst-environments-1"]',
    (charts) =>
      charts.map((chart) => {
        const line = chart.querySelector('.role-axis-domain line, .role-axis-domain path');
        return Math.round(line?.getBoundingClientRect().left ?? -1);
      }),
  );
  expect(left).toHaveLength(3);
  expect(Math.max(...left) - Math.min(...left)).toBeLessThanOrEqual(1);
  await page.context().close();
}, 30_000);

test('forced cold starts are said to be, and have no share', async () => {
  const { page } = await open('cold', { lazy: true });
  const card = page.locator('figure:has(#cold-title)');
  expect(await card.locator('figcaption').innerText()).toContain('forced by changing the function');
  expect(await card.locator('table').first().innerText()).not.toContain('%');
  await page.context().close();
});

test.each([390, 1280])(
  'no two texts of a chart overlap at %i pixels',
  async (width) => {
    for (const name of ['two', 'cold', 'burst', 'many']) {
      const { page } = await open(name, { width });
      const overlapping = await overlappingTexts(
        page,
        '[data-chart^="tail"], [data-chart^="burst"], [data-chart^="cold-memory"]',
      );
      expect(overlapping, name).toEqual([]);
      await page.context().close();
    }
  },
  60_000,
);
