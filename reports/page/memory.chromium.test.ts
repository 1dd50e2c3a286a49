import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  manyCellsAnalysis,
  sweepAnalysis,
  uglyAnalysis,
} from '../../src/report/testing/sample-analysis.ts';
import { compared } from '../../test/factor-samples.ts';
import {
  overlappingTexts,
  type ReportPages,
  startReportPages,
  unfold,
} from './testing/report-pages.ts';

let pages: ReportPages;
const open = (...args: Parameters<ReportPages['open']>) => pages.open(...args);
beforeAll(async () => {
  pages = await startReportPages({
    sweep: () => compared(sweepAnalysis()),
    many: () => manyCellsAnalysis(2),
    ugly: () => uglyAnalysis(),
  });
}, 120_000);
afterAll(() => pages?.close(), 30_000);

test('memory: what is found, which size to choose and how sure, each quantity in words', async () => {
  const { page } = await open('sweep', { lazy: true });
  const text = await page.innerText('#memory-1');
  for (const said of [
    'One call costs 2.00 ms of CPU',
    'likely: best in 5 of 5 rounds; cannot be told from 1769 MB',
    'Cheapest with p99 ≤ 400 ms',
    'first handler call follows the law',
    'handler staircase',
    '2048 MB is dominated by 1769 MB',
  ]) {
    expect(text.replace(/\s+/g, ' ')).toContain(said);
  }
  expect(await page.$$eval('#memory-1 .advice > div', (all) => all.length)).toBe(4);
  await page.context().close();
});

test('a curve is drawn only where one was fitted', async () => {
  const { page } = await open('sweep');
  await unfold(page);
  const curves = await page.$$eval('#memory-1 [data-chart^="memory-1-"]', (charts) =>
    charts.flatMap((chart) =>
      chart.querySelector('.mark-line path') ? [chart.getAttribute('data-chart')] : [],
    ),
  );
  expect(curves).toEqual(['memory-1-first-call', 'memory-1-connection']);
  await page.context().close();
});

test('cost: what it is, every item, how it was computed and what it assumes', async () => {
  const { page } = await open('sweep', { lazy: true });
  const figure = page.locator('figure:has(#cost-title)');
  expect(await figure.locator('h3').innerText()).toMatch(
    /^A million requests cost least at 512 MB: \$\d+\.\d\d \[/,
  );
  expect(await figure.innerText()).toContain('list prices of us-east-1 as of 2026-11-20');
  expect(await figure.innerText()).toContain('without free tiers or savings plans');
  const basis = figure.locator('details', { hasText: 'How each item was computed' });
  await basis.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await basis.innerText()).toContain('GB-s a request × $0.0000166667');
  await page.context().close();
});

test('the first screen has the size to choose and the cost', async () => {
  const { page } = await open('sweep', { width: 1280, lazy: true });
  const top = async (selector: string) =>
    (await page.locator(selector).first().boundingBox())?.y ?? Number.POSITIVE_INFINITY;
  expect(await top('.sizes')).toBeLessThan(700);
  expect(await top('.tile:has-text("Cost per million")')).toBeLessThan(900);
  await page.click('.sizes a');
  expect(await page.evaluate(() => location.hash)).toBe('#memory-1');
  await page.context().close();
});

test('a legend brings a size forward in every panel, by keyboard', async () => {
  const { page } = await open('sweep');
  await unfold(page);
  const pale = () => page.locator('#memory-1 .mark-symbol path[opacity="0.1"]').count();
  expect(await pale()).toBe(0);
  await page.locator('#memory-1 button[data-cell="1"]').focus();
  await page.keyboard.press('Enter');
  // Seven quantities and the chart of cost, four other sizes each.
  await expect.poll(pale).toBe(32);
  await page.context().close();
});

test('groups after the third are folded and open by keyboard', async () => {
  const { page } = await open('many', { lazy: true });
  expect(await page.$$eval('figure[id^="memory-"]', (all) => all.map(({ id }) => id))).toEqual([
    'memory-1',
    'memory-2',
    'memory-3',
  ]);
  expect(await page.locator('#memory-4').getAttribute('open')).toBeNull();
  await page.focus('#memory-4 > summary');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#memory-4 [data-chart][data-drawn] svg');
  await page.context().close();
});

describe.each([390, 1280])('%i pixels', (width) => {
  test.each(['sweep', 'ugly'])(
    '%s: nothing is wider, no two texts of a chart touch',
    async (name) => {
      const { page } = await open(name, { width });
      await unfold(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const touching = await overlappingTexts(
        page,
        '[data-chart^="memory-"], [data-chart="cost-items"]',
      );
      expect(touching).toEqual([]);
      await page.context().close();
    },
  );
});

test('void sizes are struck through in panels and tables', async () => {
  const { page } = await open('ugly');
  await unfold(page);
  expect(await page.locator('#memory-1 #scaling-1 thead s').innerText()).toBe('128 MB');
  expect(await page.locator('#memory-1 #scaling-1 tbody s').count()).toBeGreaterThan(0);
  await page.context().close();
});
