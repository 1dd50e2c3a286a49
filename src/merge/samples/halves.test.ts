import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { CSV_HEADER } from '../testing/known-request.ts';
import { packedRows } from '../testing/packed-rows.ts';
import { knownRequests } from '../testing/raw-trial.ts';
import { folder } from '../testing/trial-bed.ts';
import { openSamples } from './csv-file.ts';
import { type PickedRequests, pickRequests } from './packed.ts';
import { PICKED_COLUMNS, pickLines } from './picked-file.ts';

const columns = CSV_HEADER.split(',').length;
const random = seededRandom(7);

/** Samples of requests as k6 writes them: those under way at a time between each other, some missing. */
function messySamples(): string {
  const samples = knownRequests(40, random, { ratePerS: 400 }).flatMap((known) => {
    const lines = packedRows(known).trimEnd().split('\n');
    const kept = lines.filter(
      (line) => random() > (/^(graphql_request|http_req_duration),/.test(line) ? 0.08 : 0),
    );
    if (random() < 0.05) kept.push('graphql_request,x,1');
    const lateBy = Math.floor(random() * 8);
    return kept.map((line, i) => ({
      line,
      at: known.index + (i === kept.length - 1 ? lateBy : 0),
    }));
  });
  return samples
    .toSorted((a, b) => a.at - b.at)
    .map(({ line }) => `${line}\n`)
    .join('');
}

/** Rows with the cells of their heads in place of their numbers, in an order of their own. */
function rowsOf({ heads }: Pick<PickedRequests, 'heads'>, paths: readonly string[]): string[] {
  const cells = new Map(heads.map((head) => [`${head.index}`, head.cells.join()]));
  return paths
    .flatMap((path) => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1))
    .map((row) => row.replace(/[^;]*$/, (head) => cells.get(head) ?? 'unknown'))
    .toSorted();
}

test('two halves tell what the whole tells, wherever it is cut', async () => {
  const path = join(folder, 'k6.csv');
  const [whole, first, second] = ['w', 'a', 'b'].map((name) => join(folder, `${name}.csv`)) as [
    string,
    string,
    string,
  ];
  for (let round = 0; round < 20; round += 1) {
    const text = `${CSV_HEADER}\n${messySamples()}`;
    writeFileSync(path, text);
    const ask = (rowsPath: string, from: number, to: number, isSecond: boolean) => ({
      path,
      columns,
      rowsPath,
      range: { from, to },
      second: isSecond,
    });
    const all = await pickLines(ask(whole, 0, text.length, false), (requests) => ({
      ...requests.finish(),
      malformed: requests.malformed,
      heads: requests.heads,
    }));
    for (let turn = 0; turn < 10; turn += 1) {
      const cut = text.indexOf('\n', Math.floor(random() * (text.length - 1)));
      const rest = await pickLines(ask(second, cut, text.length, true), (requests) =>
        structuredClone(requests.rest()),
      );
      const both = await pickLines(ask(first, 0, cut + 1, false), (requests) => {
        requests.takeRest(rest);
        return { ...requests.finish(), malformed: requests.malformed, heads: requests.heads };
      });
      const { unfinished, lost, malformed } = both;
      expect({ unfinished, lost, malformed }).toEqual({
        unfinished: all.unfinished,
        lost: all.lost,
        malformed: all.malformed,
      });
      expect(rowsOf(both, [first, second])).toEqual(rowsOf(all, [whole]));
      const requests = both.heads.reduce((sum, head) => sum + head.requests, 0);
      expect(requests).toBe(rowsOf(all, [whole]).length);
    }
  }
});

test('a large file is looked through by two threads', async () => {
  const path = join(folder, 'k6.csv');
  writeFileSync(path, `${CSV_HEADER}\n${messySamples()}`);
  const file = openSamples(path, folder);
  const alone = await pickRequests(file, folder, false);
  const rows = rowsOf(alone, alone.paths);
  const both = await pickRequests(file, folder, true);
  expect(both.paths).toHaveLength(2);
  expect(both.counts).toEqual(alone.counts);
  expect(rowsOf(both, both.paths)).toEqual(rows);
  expect(rows[0]?.split(';')).toHaveLength(PICKED_COLUMNS.length);
});
