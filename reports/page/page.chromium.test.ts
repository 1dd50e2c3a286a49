import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/model/analysis.ts';
import {
  HOSTILE,
  manyCellsAnalysis,
  sampleAnalysis,
  uglyAnalysis,
} from '../../src/report/testing/sample-analysis.ts';
import {
  compared,
  crowdedAnalysis,
  hostileVariantsAnalysis,
  variantsAnalysis,
} from '../../test/factor-samples.ts';
import { type ReportPages, startReportPages, unfold } from './testing/report-pages.ts';

const SAMPLES: Record<string, () => Analysis> = {
  two: () => compared(sampleAnalysis()),
  one: () => sampleAnalysis({ memoriesMb: [1024], trials: 1 }),
  many: () => manyCellsAnalysis(2),
  ugly: () => uglyAnalysis(),
  variants: () => variantsAnalysis(3),
  crowded: () => crowdedAnalysis(),
  hostile: () => hostileVariantsAnalysis(),
};

let pages: ReportPages;
const open = (...args: Parameters<ReportPages['open']>) => pages.open(...args);
beforeAll(async () => {
  pages = await startReportPages(SAMPLES);
}, 120_000);
afterAll(() => pages?.close(), 30_000);

/** Charts that are not folded away, and the marks each of them shows. */
const marks = (page: Page) =>
  page.$$eval('[data-chart]', (charts) =>
    charts
      .filter((chart) => chart.clientWidth > 0 && !chart.closest('details:not([open])'))
      .map((chart) => ({
        id: chart.getAttribute('data-chart') ?? '',
        marks: chart.querySelectorAll(
          'svg .mark-line path, svg .mark-rect path, svg .mark-symbol path',
        ).length,
      })),
  );

/** One that is opened for one test takes no part in the tests of every page. */
const EVERYWHERE = Object.keys(SAMPLES).filter((name) => name !== 'hostile');

describe.each(EVERYWHERE)('%s', (name) => {
  test.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)(
    'draws every chart without a complaint, %s, and nothing is wider than %i pixels',
    async (colorScheme, width) => {
      const { page, complaints } = await open(name, { colorScheme, width });
      const drawn = await marks(page);
      expect(drawn.length).toBeGreaterThan(5);
      expect(
        drawn.filter((chart) => chart.marks === 0 && !chart.id.startsWith('timeline')),
      ).toEqual([]);
      const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await scrollWidth()).toBe(width);
      await unfold(page);
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.tables')].every((tables) => tables.childElementCount > 0),
      );
      expect(await scrollWidth()).toBe(width);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  test('headings skip no level and everything that is pressed has a name', async () => {
    const { page } = await open(name, { lazy: true });
    const levels = await page.$$eval('h1, h2, h3, h4', (all) =>
      all.map((h) => Number(h.tagName[1])),
    );
    expect(levels[0]).toBe(1);
    const steps = levels.slice(1).map((level, i) => level - (levels[i] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    const unnamed = await page.$$eval(
      'button, select, summary, [role=img], [role=region], table',
      (all) =>
        all.filter((e) => {
          const label =
            e.getAttribute('aria-label') ?? e.closest('label')?.textContent ?? e.textContent;
          return (label ?? '').trim() === '';
        }).length,
    );
    expect(unnamed).toBe(0);
    expect(await page.$$eval('table:not(:has(caption))', (all) => all.length)).toBe(0);
    await page.context().close();
  });
});

test.each(['ugly', 'hostile'])('foreign strings stay text: %s', async (name) => {
  const { page, complaints } = await open(name);
  await unfold(page);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(
    await page.$$eval(
      'img, iframe, object, embed, [onload], [onerror], [ontoggle]',
      (all) => all.length,
    ),
  ).toBe(0);
  expect(await page.$$eval('script', (all) => all.length)).toBe(3);
  const text = await page.evaluate(() => document.body.innerText);
  for (const hostile of HOSTILE.slice(0, name === 'ugly' ? 4 : 3)) {
    expect(text).toContain(hostile);
  }
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('the policy refuses what is not the page’s own (a control for the tests above)', async () => {
  const { page, complaints } = await open('two', { lazy: true });
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = 1';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/x.png';
    document.body.append(image);
    document.body.insertAdjacentHTML('beforeend', '<p onclick="1" style="color:red">x</p>');
  });
  await expect
    .poll(() => complaints.filter((c) => c.includes('Content Security Policy')).length)
    .toBeGreaterThanOrEqual(3);
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);
  await page.context().close();
});

test('the table behind a chart holds the chart’s numbers, and so does its CSV', async () => {
  const { page } = await open('two', { lazy: true });
  await page.click('details[data-tables-of="percentiles"] > summary');
  const data = await page.evaluate(() =>
    JSON.parse(document.getElementById('page-data')?.textContent ?? ''),
  );
  const labels: string[] = data.cells.map((cell: { label: string }) => cell.label);
  const expected = data.charts.percentiles.data.intervals.rows.map((row: (number | null)[]) =>
    [labels[Number(row[0])], ...row.slice(1, 5)].map((v) => (v === null ? '–' : String(v))),
  );
  const tables = page.locator('details[data-tables-of="percentiles"] table');
  const shown = await tables
    .first()
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  expect(expected.length).toBe(10);
  expect(shown).toEqual(expected);
  const waiting = page.waitForEvent('download');
  await page.click('details[data-tables-of="percentiles"] .tables button:text("Download")');
  const csv = await readFile(await (await waiting).path(), 'utf8');
  const lines = csv.trim().split('\r\n');
  expect(lines[0]).toBe('cell,percentile,"latency, ms","low, ms","high, ms"');
  expect(lines.slice(1)).toEqual(
    expected.map((row: string[]) => row.join(',').replaceAll('–', '')),
  );
  await page.context().close();
});

test.each(['two', 'many'])('the analysis can be saved from the page of %s', async (name) => {
  const { page } = await open(name, { lazy: true });
  const waiting = page.waitForEvent('download');
  await page.click('#download-analysis');
  const saved = await waiting;
  expect(saved.suggestedFilename()).toBe('analysis-20261120-191500-x7f2.json');
  expect(JSON.parse(await readFile(await saved.path(), 'utf8'))).toEqual(SAMPLES[name]?.());
  await page.context().close();
});

test('a legend brings a cell forward everywhere, by keyboard too', async () => {
  const { page } = await open('two');
  const pale = () =>
    page.locator('[data-chart="percentiles"] .mark-line path[opacity="0.08"]').count();
  expect(await pale()).toBe(0);
  await page.locator('button[data-cell="1"]').first().focus();
  await page.keyboard.press('Enter');
  await expect.poll(pale).toBe(3);
  expect(
    await page.$$eval('button[data-cell="1"]', (all) =>
      all.every((b) => b.getAttribute('aria-pressed') === 'true'),
    ),
  ).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(pale).toBe(0);
  await page.context().close();
});

test('a trial can be chosen for the time lines', async () => {
  const { page } = await open('two');
  const line = () =>
    page.locator('[data-chart="timeline-1"] .mark-line path').first().getAttribute('d');
  const before = await line();
  await page.selectOption('select[data-trials]', '3');
  await expect.poll(line).not.toBe(before);
  await page.context().close();
});

test('themes: the reader’s own, chosen, and on paper', async () => {
  const { page } = await open('two', { colorScheme: 'dark' });
  const colours = () =>
    page.evaluate(() => {
      const line = document.querySelector('[data-chart="percentiles"] .mark-line path');
      return [
        getComputedStyle(document.body).backgroundColor,
        line ? getComputedStyle(line).stroke : '',
      ];
    });
  const dark = await colours();
  expect(dark).toEqual(['rgb(15, 19, 24)', expect.stringMatching(/^rgb/)]);
  await page.click('#theme');
  const light = await colours();
  expect(light[0]).toBe('rgb(246, 247, 249)');
  expect(light[1]).not.toBe(dark[1]);
  await page.click('#theme');
  expect(await colours()).toEqual(dark);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect((await colours())[0]).toBe('rgb(255, 255, 255)');
  expect((await page.pdf({ format: 'A4', printBackground: true })).length).toBeGreaterThan(50_000);
  await page.context().close();
});

test('void cells are struck through and say why', async () => {
  const { page } = await open('ugly', { lazy: true });
  const row = page.locator('#answer tbody tr').first();
  expect(await row.locator('s').count()).toBeGreaterThan(2);
  await row.locator('a').click();
  const checks = page.locator('#validity-1 tr', { hasText: 'Answered requests' });
  expect(await checks.innerText()).toContain('Without an answer there is no latency.');
  await page.context().close();
});
