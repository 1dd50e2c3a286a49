import { expect, test } from 'vitest';
import { noColdStarts } from '../model/testing/empty.ts';
import {
  answer,
  backendFinding,
  bandFinding,
  bandSummary,
  coldFinding,
  operationFinding,
  percentileFinding,
  timelineFinding,
  usable,
} from './findings.ts';
import { sampleAnalysis, uglyAnalysis } from './testing/sample-analysis.ts';

const named = (options: Parameters<typeof sampleAnalysis>[0] = {}) => {
  const { cells } = sampleAnalysis(options);
  return usable(
    cells,
    cells.map(({ cell }) => `${cell.endpoint.memoryMb} MB`),
  );
};

test('two cells are set against each other with their intervals', () => {
  expect(percentileFinding(named())).toMatch(
    /^p99 is lowest at 2048 MB: \d+ ms \[\d+, \d+\], against \d+ ms \[\d+, \d+\] at 1024 MB$/,
  );
});

test('intervals that overlap are said to', () => {
  const cells = named();
  for (const { cell } of cells) Object.assign(cell.latency.p99, { low: 1, high: 1000 });
  expect(percentileFinding(cells)).toMatch(/\(the intervals overlap\)$/);
});

test('one cell is compared with nothing', () => {
  expect(percentileFinding(named({ memoriesMb: [512] }))).toMatch(/^p99 is \d+ ms \[.*\], p50 \d+/);
});

test('without a p99 of every cell: the best percentile that all have', () => {
  const cells = named();
  const [first] = cells;
  if (!first) throw new Error('no cell');
  first.cell.latency.p99.value = null;
  expect(percentileFinding(cells)).toMatch(/^p95 is lowest at \d+ MB: .*, against .* at \d+ MB$/);
  for (const figure of Object.values(first.cell.latency)) figure.value = null;
  expect(percentileFinding(cells)).toMatch(/^p99 is \d+ ms \[.*\] at 2048 MB, p50 \d+/);
});

test('calls that only some cells show are not those of every cell', () => {
  const cells = named();
  expect(backendFinding(cells)).toMatch(/ a request in every cell$/);
  for (const row of cells[0]?.cell.byOperation ?? []) row.meanBackendCalls = null;
  expect(backendFinding(cells)).toMatch(/ a request at 2048 MB$/);
});

test('what dominates the middle and the tail', () => {
  expect(bandFinding(named())).toMatch(
    /^At the median it is the \w+ \([\d.]+%\), above p99 the init/,
  );
});

test.each([
  [
    ['above_p99', 'above_p999'],
    /\), between p95 and p99 the \w+ \([\d.]+%\)|%, .* between p95 and p99$/,
  ],
  [['above_p99', 'above_p999', 'p95_p99'], / between p90 and p95/],
  [['above_p99', 'above_p999', 'p95_p99', 'p90_p95'], /^\w+ takes most: [\d.]+% at the median$/],
  [['above_p99', 'above_p999', 'p95_p99', 'p90_p95', 'median'], /: [\d.]+% over all requests$/],
  [
    ['above_p99', 'above_p999', 'p95_p99', 'p90_p95', 'median', 'all'],
    /^Where time goes is not known: no request was traced$/,
  ],
])('too few requests for %j: the highest band there is', (empty, title) => {
  const [item] = named({ memoriesMb: [512], trials: 1 });
  if (!item) throw new Error('no cell');
  for (const band of item.cell.bands) if (empty.includes(band.band)) band.requests = 0;
  expect(bandFinding([item])).toMatch(title);
});

test('front is named with the network where no segment tells them apart', () => {
  const [item] = named({ memoriesMb: [1024] });
  if (!item) throw new Error('no cell');
  item.cell.cell.endpoint.front = 'function-url';
  expect(bandSummary(item.cell, 'median', 9)).toContain('front and network');
});

test('cold starts are counted by when they came', () => {
  expect(timelineFinding(named({ trials: 1 }))).toMatch(
    /^\d+ of \d+ cold starts came before the hold/,
  );
  expect(coldFinding(named())).toMatch(/^A cold start adds .* at 2048 MB and .* at 1024 MB$/);
});

test('without figures there are sentences all the same', () => {
  const [dead, bare] = uglyAnalysis().cells;
  if (!dead || !bare) throw new Error('no cells');
  expect(usable([dead], ['dead'])).toEqual([]);
  const alone = usable([bare], ['bare']);
  expect(bandFinding(alone)).toBe('Where time goes is not known: no request was traced');
  expect(coldFinding(alone)).toBe('No request felt a cold start');
  expect(timelineFinding(alone)).toBe('Latency over time, without a cold start');
  // Of void cells alone nothing is known, and the table beneath may count some.
  expect(coldFinding([])).toMatch(/^What a cold start adds is not known/);
  expect(timelineFinding([])).toBe('Latency over time');
  expect(answer([], [], 1)).toBe('Every cell is void: there is no figure to rely on.');
});

test('operations without a p99 are ranked by what they have', () => {
  const { cells } = sampleAnalysis({ memoriesMb: [1024] });
  for (const row of cells[0]?.byOperation ?? []) {
    row.p99.value = null;
    row.p95.value = null;
  }
  expect(operationFinding(usable(cells, ['one']))).toMatch(/^The slowest operation is \w+: p50 /);
  for (const cell of cells) cell.byOperation = [];
  expect(operationFinding(usable(cells, ['one']))).toBe(
    'No operation has figures that may be used',
  );
});

test('what tells nothing of environments is not said to have had no cold start', () => {
  const cells = named();
  for (const { cell } of cells) cell.coldStarts = noColdStarts();
  expect(coldFinding(cells)).toBe('Whether requests felt a cold start is not known');
  for (const { cell } of cells) for (const point of cell.timeline.points) point.cold = 0;
  expect(timelineFinding(cells)).toBe('Latency over time');
  const [first] = cells;
  if (first) first.cell.coldStarts.share = { ...first.cell.failureShare, value: 0 };
  expect(coldFinding(cells)).toBe('No request felt a cold start where that is known');
});
