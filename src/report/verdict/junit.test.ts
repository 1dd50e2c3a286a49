import { expect, test } from 'vitest';
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
} from '../testing/sample-gate.ts';
import { renderGateJunit } from './junit.ts';
import { elements, readXml, type XmlElement } from './testing/read-xml.ts';

const read = (result = slowerGate()) => readXml(renderGateJunit(result));
const casesOf = (root: XmlElement) => elements(root, 'testcase');

test('a row is a case: the cell its class, the metric its name', () => {
  const cases = casesOf(read());
  expect(cases.map(({ attributes: { classname, name } }) => [classname, name])).toEqual([
    ['dynamo.1024', 'p50'],
    ['dynamo.1024', 'init'],
    ['dynamo.1024', 'error rate (guard)'],
  ]);
});

test('a failure has the reason as its message, the figures and the why in its text', () => {
  const [failure] = elements(read(), 'failure');
  expect(failure?.attributes).toEqual({
    message: 'at least 12.1% slower; 5% are tolerated',
    type: 'regression',
  });
  expect(failure?.text).toContain('base 10.0 ms, head 11.6 ms');
  expect(failure?.text).toContain('why: p50 grew by 1.54 ms');
  expect(failure?.text).toContain('handler: 6.10 ms → 7.59 ms');
  expect(failure?.text).toContain('example of head: 1-692010c4-0a1b2c3d4e5f60718293a4b5');
  expect(elements(read(budgetsGate()), 'failure')[0]?.attributes.type).toBe('budget');
});

test('what is inconclusive is skipped, and so is what fails an advisory gate', () => {
  const [skipped] = elements(read(undecidedGate()), 'skipped');
  expect(skipped?.attributes.message).toContain('about 24 more would decide');
  expect(skipped?.attributes.type).toBe('inconclusive');
  const advisory = read(baselineGate());
  expect(elements(advisory, 'failure')).toEqual([]);
  expect(elements(advisory, 'skipped')[0]?.attributes.type).toBe('regression');
});

test('counts are those of the cases, and the times of the cases add up', () => {
  for (const make of [slowerGate, undecidedGate, failingRequestsGate, exactGate, baselineGate]) {
    const root = read(make());
    const [suite] = elements(root, 'testsuite');
    const count = (name: string) => String(elements(root, name).length);
    const counts = { tests: count('testcase'), failures: count('failure'), errors: '0' };
    expect(root.attributes).toMatchObject(counts);
    expect(suite?.attributes).toMatchObject({ ...counts, skipped: count('skipped') });
    const times = casesOf(root).map(({ attributes }) => Number(attributes.time));
    expect(times.reduce((a, b) => a + b, 0)).toBeCloseTo(Number(suite?.attributes.time), 1);
  }
});

test('properties say the verdict and what it rests on', () => {
  const properties = Object.fromEntries(
    elements(read(), 'property').map(({ attributes: { name, value } }) => [name, value]),
  );
  expect(properties).toMatchObject({
    verdict: 'FAIL',
    alpha: '0.05',
    base: '3f2c1a9d5b7e0c4f8a6b2d1e9c3f7a5b0d8e6c42',
    head: 'working tree',
    rounds: '8 pairs, decided, 3 m 12 s',
  });
});

test('no two cases are the same to GitLab, also where cells share a label or a metric two rows', () => {
  const result = manyCellsGate(20);
  for (const row of result.rows) row.label = 'one label';
  result.rows.push({ ...result.rows[0], ...budgetsGate().rows[0], label: 'one label' } as never);
  const keys = casesOf(read(result)).map(({ attributes: { classname, name } }) =>
    JSON.stringify([classname, name]),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('a gate without rows is one case: a file without any is taken for a broken one', () => {
  const cases = casesOf(read(sameCodeGate()));
  expect(cases.map(({ attributes }) => attributes.name)).toEqual(['verdict']);
  expect(elements(read(sameCodeGate()), 'failure')).toEqual([]);
});

test('foreign text stays text', () => {
  const hostile =
    '"/><failure message="x">&amp; ]]> <!-- \u0000\u0007\u001b[31m\uFFFE\uD800 é😀\n\t';
  const result = slowerGate();
  result.head.label = hostile;
  result.notes = [hostile];
  for (const row of result.rows) Object.assign(row, { label: hostile, reason: hostile });
  for (const cause of result.causes) cause.sentence = hostile;
  const root = read(result);
  expect(elements(root, 'failure')).toHaveLength(1);
  const kept = '"/><failure message="x">&amp; ]]> <!-- [31m é😀\n\t';
  expect(elements(root, 'failure')[0]?.attributes.message).toBe(kept);
  expect(elements(root, 'failure')[0]?.text).toContain(kept);
});

test('all samples are well formed', () => {
  for (const make of [passedGate, budgetsGate, exactGate, manyCellsGate]) {
    expect(read(make()).name).toBe('testsuites');
  }
});
