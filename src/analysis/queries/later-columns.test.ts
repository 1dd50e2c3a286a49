import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database, literal } from '../../store/tables/database.ts';
import { tablesOf, writeTrialFiles } from '../testing/trial-files.ts';
import { damageOf, onDisk, openCell } from './cell-tables.ts';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-older-'));
  database = await Database.open({ tempFolder: join(folder, 'duckdb') });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function trialFiles(trial: number) {
  const path = join(folder, String(trial));
  const requests = Array.from({ length: 5 }, () => ({ totalMs: 10 }));
  await writeTrialFiles(path, tablesOf(requests));
  return { trial, folder: path };
}

test('files from before a column was added are read beside those that have it', async () => {
  const trials = [await trialFiles(1), await trialFiles(2), await trialFiles(3)];
  for (const { folder: path } of trials.slice(1)) {
    const file = literal(join(path, 'requests.parquet'));
    const older = literal(join(path, 'older.parquet'));
    await database.run(`copy (select * exclude (sampled) from ${file}) to ${older}`);
    await database.run(`copy (select * from ${older}) to ${file} (format parquet)`);
  }
  for (const of of [trials, trials.toReversed()]) {
    for (const { folder: path } of of) expect(await damageOf(database, path)).toBeNull();
    await openCell(database, of);
    expect(await database.row('select count(*) as n from requests')).toEqual({ n: 15 });
    const rows = await database.row(`select count(*) as n from ${onDisk('requests', of)}`);
    expect(rows).toEqual({ n: 15 });
  }
});
