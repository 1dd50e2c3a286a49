import { afterAll, beforeAll, expect, test } from 'vitest';
import { crowdedAnalysis, serversAnalysis, variantsAnalysis } from '../../test/factor-samples.ts';
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
    variants: () => variantsAnalysis(3),
    servers: () => serversAnalysis(),
    crowded: () => crowdedAnalysis(),
  });
}, 120_000);
afterAll(() => pages?.close(), 30_000);

test('the most telling factor is open, the others open by keyboard and by their link', async () => {
  const { page } = await open('variants', { lazy: true });
  const states = () =>
    page.$$eval('details.factor', (all) =>
      all.map((one) => [one.id, (one as HTMLDetailsElement).open]),
    );
  expect(await states()).toEqual([
    ['compared-variant', true],
    ['compared-dataset', false],
  ]);
  await page.focus('#compared-dataset > summary');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#compared-dataset [data-chart][data-drawn] svg');
  await page.keyboard.press('Enter');
  await page.click('#compared a[href="#compared-dataset"]');
  expect(await states()).toContainEqual(['compared-dataset', true]);
  await page.context().close();
});

test('panels share their axis, and more panels than are legible are a table that says so', async () => {
  const { page } = await open('variants');
  const ticks = await page.$$eval('#compared-variant [data-chart]', (charts) =>
    charts.map((chart) =>
      [...chart.querySelectorAll('.role-axis-label text')].map((text) => text.textContent).join(),
    ),
  );
  expect(ticks).toHaveLength(2);
  expect(new Set(ticks).size).toBe(1);
  await page.context().close();
  const crowded = (await open('crowded', { lazy: true })).page;
  expect(await crowded.$$eval('#compared-backend [data-chart]', (all) => all.length)).toBe(0);
  expect(await crowded.innerText('#compared-backend > p')).toContain('too many to draw');
  expect(await crowded.$$eval('#compared-backend tbody tr', (all) => all.length)).toBe(48);
  await crowded.context().close();
});

test.each([390, 1280])(
  'no two texts of a chart overlap at %i pixels',
  async (width) => {
    for (const name of ['variants', 'servers']) {
      const { page } = await open(name, { width });
      await unfold(page);
      const overlapping = await overlappingTexts(
        page,
        '.factor [data-chart], [data-chart^="backend-calls"]',
      );
      expect(overlapping, name).toEqual([]);
      await page.context().close();
    }
  },
  60_000,
);

test('print shows the tables of every factor', async () => {
  const { page } = await open('variants', { lazy: true });
  await page.emulateMedia({ media: 'print' });
  const heights = await page.$$eval('details.factor table.ratios', (all) =>
    all.map((table) => table.getBoundingClientRect().height),
  );
  expect(heights).toHaveLength(2);
  expect(Math.min(...heights)).toBeGreaterThan(100);
  await page.context().close();
});
