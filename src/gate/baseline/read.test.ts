import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { aCell, anAnalysis, aRun, loadsOf, measured } from '../testing/measured-run.ts';
import { readBaseline } from './read.ts';
import { baselineOf } from './save.ts';

const CELL = aCell(512);
const BASELINE = baselineOf(
  anAnalysis(aRun([CELL]), [measured(CELL, [10, 11, 12])]),
  loadsOf([CELL]),
  null,
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-baseline-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(folder, 'bench-baseline.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('what was saved is read as it was', () => {
  expect(readBaseline(file(BASELINE))).toEqual(BASELINE);
});

test.each<[string, unknown, RegExp]>([
  [
    'another version',
    { ...BASELINE, version: 2 },
    /bench-baseline\.json is of version 2, this bench reads 1: save it again with "bench baseline save"$/,
  ],
  ['another document', { cells: [] }, /is no baseline: it has no version/],
  ['not an object', [1], /is no baseline: it has no version/],
  ['nothing', 'null', /is no baseline: it has no version/],
  [
    'a string where a number is',
    { ...BASELINE, cells: [{ ...BASELINE.cells[0], trials: [{}] }] },
    /is damaged: cells\.0\.trials\.0\.values: /,
  ],
  ['no cell', { ...BASELINE, cells: [] }, /is damaged: cells: /],
  ['half a file', '{"version": 1,', /is not JSON: .*make one with "bench baseline save"/],
  ['an empty file', '', /is not JSON/],
])('%s is refused with the file and what is wrong', (_, content, message) => {
  const path = file(content);
  expect(() => readBaseline(path)).toThrow(UsageError);
  expect(() => readBaseline(path)).toThrow(message);
});

test('no file, and a folder', () => {
  expect(() => readBaseline(join(folder, 'none.json'))).toThrow(
    /there is no .*none\.json: make one/,
  );
  expect(() => readBaseline(folder)).toThrow(/it is a folder; name a file/);
});
