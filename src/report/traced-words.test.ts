import { expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable } from './terminal.ts';
import { sampleAnalysis } from './testing/sample-analysis.ts';
import { tracedText } from './traced-words.ts';

test('of a sample every report says which share was traced and how many requests parts rest on', async () => {
  const analysis = sampleAnalysis({ trials: 1 });
  expect(tracedText(analysis)).toBe(null);
  analysis.run.plan.traceShare = 0.1;
  for (const cell of analysis.cells) {
    cell.latency.p50.n = 1000;
    for (const band of cell.bands) band.requests = 98;
  }
  const said = tracedText(analysis) ?? '';
  expect(said).toBe(
    '10% of the requests were to be traced (--trace-sample): parts of latency rest on 196 of 2,000 answered requests of the hold phase, on 98 of a cell at the least.',
  );
  expect(await renderHtml(analysis)).toContain(said);
  expect(renderTable(analysis, { width: 1000, colour: false })).toContain(`traces: ${said}`);
  expect(renderMarkdown(analysis)).toContain('rest on 196 of 2,000 answered requests');
  for (const { cell } of analysis.cells.slice(1)) cell.endpoint.memoryMb = null;
  expect(tracedText(analysis)).toMatch(
    /rest on 98 of 1,000 answered requests of the hold phase\.$/,
  );
});
