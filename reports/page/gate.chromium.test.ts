import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE } from '../../src/report/testing/sample-analysis.ts';
import {
  baselineGate,
  budgetsGate,
  exactGate,
  failingRequestsGate,
  manyCellsGate,
  passedGate,
  sameCodeGate,
  slowerGate,
  undecidedGate,
} from '../../src/report/testing/sample-gate.ts';
import { gateAnalysis } from '../../src/report/testing/sample-gate-analysis.ts';
import { compared } from '../../test/factor-samples.ts';
import {
  overlappingTexts,
  type ReportPages,
  startReportPages,
  unfold,
} from './testing/report-pages.ts';

function hostileGate() {
  const gate = slowerGate();
  const rows = gate.rows.map((row, i) => ({
    ...row,
    label: HOSTILE[3],
    reason: HOSTILE[i % HOSTILE.length] as string,
    operation: HOSTILE[5],
  }));
  const causes = gate.causes.map((cause) => ({
    ...cause,
    sentence: HOSTILE[1],
    traces: { base: { cellId: 'none', traceId: HOSTILE[2], totalMs: 1 }, head: null },
  }));
  return {
    ...gate,
    rows,
    causes,
    base: { label: HOSTILE[0], commit: HOSTILE[2], note: HOSTILE[1] },
    head: { label: HOSTILE[5], commit: null, note: null },
    notes: [...HOSTILE],
    rounds: {
      ...gate.rounds,
      void: [{ cellId: HOSTILE[1], round: 1, side: 'head' as const, reason: HOSTILE[2] }],
    },
  };
}

const SAMPLES = {
  fail: () => compared(gateAnalysis(slowerGate())),
  pass: () => compared(gateAnalysis(passedGate())),
  inconclusive: () => compared(gateAnalysis(undecidedGate())),
  many: () => compared(gateAnalysis(manyCellsGate(40), { memoriesMb: [512, 1024, 2048] })),
  requests: () => compared(gateAnalysis(failingRequestsGate())),
  baseline: () => gateAnalysis(baselineGate()),
  budgets: () => gateAnalysis(budgetsGate()),
  exact: () => compared(gateAnalysis(exactGate())),
  same: () => gateAnalysis(sameCodeGate()),
  hostile: () => gateAnalysis(hostileGate()),
};

let pages: ReportPages;
const open = (...args: Parameters<ReportPages['open']>) => pages.open(...args);
beforeAll(async () => {
  pages = await startReportPages(SAMPLES);
}, 120_000);
afterAll(() => pages?.close(), 30_000);

describe.each(Object.keys(SAMPLES))('%s', (name) => {
  test('draws without a complaint, nothing is wider than the screen, no texts overlap', async () => {
    for (const width of [390, 1200]) {
      const { page, complaints } = await open(name, {
        width,
        colorScheme: width === 390 ? 'dark' : 'light',
      });
      const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await scrollWidth()).toBe(width);
      await unfold(page);
      expect(await scrollWidth()).toBe(width);
      expect(await overlappingTexts(page, '[data-chart^="gate-"]')).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  }, 60_000);

  test('the verdict is the first heading, and headings skip no level', async () => {
    const { page } = await open(name, { lazy: true });
    const headings = await page.$$eval('h1, h2, h3, h4', (all) =>
      all.map((h) => ({ level: Number(h.tagName[1]), text: h.textContent ?? '' })),
    );
    expect(headings[0]?.level).toBe(1);
    expect(headings[0]?.text).toMatch(/^(PASS|FAIL|INCONCLUSIVE) \S/);
    const steps = headings.slice(1).map(({ level }, i) => level - (headings[i]?.level ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    expect(headings.filter(({ level }) => level === 1)).toHaveLength(1);
    expect(await page.getAttribute('.top nav a', 'href')).toBe('#answer');
    await page.context().close();
  });
});

test('a FAIL says what failed, how sure it is, and which part grew', async () => {
  const { page } = await open('fail');
  const text = await page.innerText('#answer');
  expect(text).toMatch(/origin\/main 3f2c1a9 → head working tree/);
  expect(text).toContain('8 of at most 30 pairs were run; it ended because the verdict was known.');
  expect(text).toContain('p50 grew by 1.54 ms, 1.49 ms [1.38, 1.60] of it in the handler.');
  const row = await page.innerText('table.judged tbody tr:first-child');
  for (const said of ['FAIL', 'at least 12.1% slower', '10.0 ms', '11.6 ms', '+15.4%', 'sign-flip'])
    expect(row).toContain(said);
  const shapes = await page.$$eval('[data-chart="gate-1-change"] .mark-symbol', (groups) =>
    groups.map((group) => group.querySelectorAll('path').length),
  );
  expect(shapes).toEqual([14, 2]);
  await page.click('#gate-basis > summary');
  expect(await page.innerText('#gate-basis')).toContain('CPU of the generator ÷ all cores: 93%');
  await page.context().close();
});

test('an example of a cause leads to its waterfall, which is opened and drawn', async () => {
  const { page } = await open('fail', { lazy: true });
  for (const side of ['base', 'head']) {
    const link = page.locator('.examples a', { hasText: `a request of ${side}` });
    const target = (await link.getAttribute('href')) ?? '';
    await link.click();
    await page.waitForSelector(`${target} [data-chart][data-drawn] svg`, { state: 'visible' });
    const folded = page.locator('#waterfalls details', { has: page.locator(target) });
    expect(await folded.locator('> summary').innerText()).toContain(side);
  }
  await page.context().close();
});

test('of many cells what does not pass is open, the table leads to the others', async () => {
  const { page } = await open('many', { lazy: true });
  const opened = await page.$$eval('.gate details[id^="gate-"][open] h3', (all) =>
    all.map((one) => one.textContent),
  );
  expect(opened).toHaveLength(6);
  expect(opened.every((title) => /FAIL|INCONCLUSIVE/.test(title ?? ''))).toBe(true);
  const passing = page.locator('.gate tbody tr', { hasText: 'dynamo · 128 MB · x0' }).first();
  await passing.locator('a').click();
  await page.waitForSelector('#gate-1 [data-chart][data-drawn] svg', { state: 'visible' });
  await page.context().close();
});

test('below a verdict no sentence ranks head against base', async () => {
  const { page } = await open('inconclusive');
  await unfold(page);
  const said = await page.$$eval('main h3, main p.further, main figcaption h3', (all) =>
    all.map((one) => one.textContent ?? ''),
  );
  const ranking = /(faster|slower) than|lowest at|highest at|least at|· base| at base/;
  expect(said.slice(1).filter((text) => ranking.test(text))).toEqual([]);
  const table = await page.innerText('#figures table');
  expect(table).toContain('base');
  expect(table).toContain('head');
  expect(await page.getAttribute('#compared-revision', 'open')).not.toBeNull();
  await page.context().close();
});

test('a stored baseline is said to be advice; budgets have no base', async () => {
  const { page } = await open('baseline', { lazy: true });
  expect(await page.innerText('#answer')).toContain('Advice only:');
  await page.context().close();
  const budgets = (await open('budgets', { lazy: true })).page;
  expect(await budgets.innerText('.sides')).not.toContain('base');
  expect(await budgets.innerText('#answer h4')).toBe('Head as a share of its limit');
  await budgets.context().close();
});

test('foreign strings of a gate stay text', async () => {
  const { page } = await open('hostile');
  await unfold(page);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(
    await page.$$eval(
      'main img, main [onload], main [onerror], main [ontoggle]',
      (all) => all.length,
    ),
  ).toBe(0);
  const text = await page.innerText('#answer');
  for (const hostile of [HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3]]) {
    expect(text).toContain(hostile);
  }
  await page.context().close();
});
