import { expect, test } from 'vitest';
import { compared } from '../../test/factor-samples.ts';
import { analysisSchema } from '../model/analysis.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable } from './terminal.ts';
import { HOSTILE } from './testing/sample-analysis.ts';
import { sampleGate, slowerGate, undecidedGate } from './testing/sample-gate.ts';
import { gateAnalysis } from './testing/sample-gate-analysis.ts';

/** A gate's run in the terminal and in Markdown. */

const terminal = (width: number, gate = slowerGate()) =>
  renderTable(compared(gateAnalysis(gate)), { width, colour: false });

test('the sample is an analysis', () => {
  const analysis = compared(gateAnalysis(slowerGate()));
  expect(analysisSchema.safeParse(analysis).error).toBeUndefined();
});

test('the terminal begins with the verdict and where the rest of it is', () => {
  const lines = terminal(120).split('\n');
  expect(lines[0]).toMatch(/^FAIL: p50 fails: at least 12\.1% slower/);
  const how = lines.slice(1, lines.indexOf('')).join(' ');
  expect(how).toContain('origin/main 3f2c1a9 → working tree');
  expect(how).toContain('gate/summary.md');
  expect(terminal(120, sampleGate({ advisory: true }))).toMatch(/^PASS \(advisory\): /);
  for (const width of [60, 100]) {
    const longest = Math.max(
      ...terminal(width)
        .split('\n')
        .map((line) => [...line].length),
    );
    expect(longest).toBeLessThanOrEqual(width);
  }
});

test('beside an undecided verdict nothing ranks head against base', () => {
  for (const text of [
    terminal(200, undecidedGate()),
    renderMarkdown(compared(gateAnalysis(undecidedGate()))),
  ]) {
    const rest = text.slice(text.indexOf('\n'));
    expect(rest).not.toMatch(/(faster|slower|cheaper|dearer) than|least at|lowest at|most at/);
    expect(rest).toMatch(/^\|? ?base /m);
    expect(rest).toMatch(/^\|? ?head /m);
  }
});

test('Markdown has the verdict as its heading, and foreign labels are text', () => {
  const gate = slowerGate();
  const text = renderMarkdown(
    gateAnalysis({ ...gate, head: { label: HOSTILE[0], commit: null, note: HOSTILE[4] } }),
  );
  expect(text).toMatch(/^## FAIL: p50 fails: at least 12\.1% slower/);
  expect(text).toContain('`gate/summary.md`');
  expect(text).not.toMatch(/<(?:script|img|svg|details)/);
  expect(text.split('\n')[2]).toContain('&lt;/script&gt;');
});
