import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { unfoldColumns } from '../../reports/page/unfold-columns.ts';
import { analysisSchema } from '../model/analysis.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable } from './terminal.ts';
import { manyCellsAnalysis, sampleAnalysis, uglyAnalysis } from './testing/sample-analysis.ts';

let page = '';
beforeAll(async () => {
  page = await renderHtml(sampleAnalysis());
}, 60_000);

test('samples are analyses', () => {
  for (const analysis of [sampleAnalysis(), uglyAnalysis(), manyCellsAnalysis(1)]) {
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
  }
});

test('the policy names exactly the script and the style that are there', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
  const hash = (text: string | undefined) =>
    `&#39;sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}&#39;`;
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1];
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1];
  expect(policy).toBe(
    `default-src &#39;none&#39;; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
  );
});

test('nothing is loaded and nothing is inline but the one script and the one style', () => {
  expect(page.match(/<script[ >]/g)).toHaveLength(3);
  expect(page.match(/<style[ >]/g)).toHaveLength(1);
  const markup = page.slice(page.indexOf('<body>'), page.indexOf('id="page-data"'));
  expect(markup).not.toMatch(/ (style|on\w+|src)=/);
});

test('the analysis is in the page, plain while it is short and packed where it is long', async () => {
  const plain = /id="analysis">([^<]*)</.exec(page)?.[1] ?? '';
  expect(JSON.parse(plain)).toEqual(sampleAnalysis());
  const many = manyCellsAnalysis(2);
  const packed =
    /id="analysis" data-packed="columns gzip">([^<]*)</.exec(await renderHtml(many))?.[1] ?? '';
  const columns = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
  expect(unfoldColumns(columns)).toEqual(many);
});

test('the file stays small enough to send', async () => {
  expect(page.length).toBeLessThan(1e6);
  expect((await renderHtml(manyCellsAnalysis(10))).length).toBeLessThan(2.5e6);
}, 60_000);

test('panels of bands name their range once', () => {
  const titles = [...page.matchAll(/<h4>((?:At|Above|p9).*?)<\/h4>/g)].map(([, title]) =>
    title?.replace(/<[^>]*>/g, ''),
  );
  expect(titles).toEqual(['At the median p45–p55', 'p90 to p95', 'p95 to p99', 'Above p99']);
});

test('the same analysis gives the same page', async () => {
  expect(await renderHtml(sampleAnalysis())).toBe(page);
});

test('a run of which nothing was measured is still a report', async () => {
  const analysis = { ...sampleAnalysis({ trials: 1 }), cells: [], headline: [] };
  expect(await renderHtml(analysis)).toContain('Nothing was measured.');
  expect(renderTable(analysis, { width: 100, colour: false })).toMatch(/^cell/);
  expect(renderMarkdown(analysis)).toMatch(/^## No headline/);
});

test('JSON is the analysis', () => {
  expect(JSON.parse(renderJson(sampleAnalysis()))).toEqual(sampleAnalysis());
});

test('where no function is known behind any endpoint, nothing is drawn of what went on inside', async () => {
  const analysis = sampleAnalysis({ trials: 1 });
  for (const { cell } of analysis.cells) cell.endpoint.memoryMb = null;
  const outside = await renderHtml(analysis);
  const inside = ['bands', 'tails', 'cold', 'backends', 'memory', 'cost', 'waterfalls'];
  const has = (html: string) => inside.filter((id) => html.includes(`data-chart="${id}`));
  expect(has(page)).not.toEqual([]);
  expect(has(outside)).toEqual([]);
  expect(outside).not.toMatch(/id="(memory|cost|waterfalls|bands-title|cold-title)"/);
  expect(outside).toContain('id="timeline-title"');
});
