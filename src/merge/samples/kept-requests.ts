import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../../base/files.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { type Database, literal } from '../../store/tables/database.ts';
import type { MakeSent, SampleCounts } from './import.ts';

/** What belongs to the kept rows: of which file they were made, and what of it is no row. */
const notesSchema = z.object({
  sizeBytes: z.number(),
  changedMs: z.number(),
  counts: z.object({
    cutOff: z.boolean(),
    rejected: z.number(),
    malformed: z.number(),
    oddOutcomes: z.number(),
    unfinished: z.number(),
    lostSamples: z.number(),
  }),
});

const rowsPath = (rawFolder: string) => join(rawFolder, RAW_FILES.requestRows);
const notesPath = (rawFolder: string) => `${rowsPath(rawFolder)}.json`;

/** Keeps what `sent` has beside the samples it was made of, until the merge; it is then a view of that. */
export async function keepRequests(
  database: Database,
  rawFolder: string,
  counts: SampleCounts,
): Promise<void> {
  dropRequests(rawFolder);
  const { size, mtimeMs } = statSync(join(rawFolder, RAW_FILES.k6Samples));
  const path = rowsPath(rawFolder);
  // Read once and removed: small matters less than soon.
  await database.run(
    `copy (select * from sent) to ${literal(`${path}.partial`)} (format parquet, compression lz4_raw)`,
  );
  renameSync(`${path}.partial`, path);
  await database.run(`create or replace view sent as from read_parquet(${literal(path)})`);
  writeJson(notesPath(rawFolder), { sizeBytes: size, changedMs: mtimeMs, counts });
}

/** What makes the view `sent` of rows kept earlier; null where there are none of these samples. */
export function keptRequests(rawFolder: string): MakeSent | null {
  const [samples, rows, written] = [
    join(rawFolder, RAW_FILES.k6Samples),
    rowsPath(rawFolder),
    notesPath(rawFolder),
  ].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (samples === undefined || rows === undefined || written === undefined) return null;
  const notes = readJson(notesPath(rawFolder), notesSchema);
  if (notes.sizeBytes !== samples.size || notes.changedMs !== samples.mtimeMs) return null;
  return async (database) => {
    await database.run(`create view sent as from read_parquet(${literal(rowsPath(rawFolder))})`);
    return notes.counts;
  };
}

export function dropRequests(rawFolder: string): void {
  for (const path of [notesPath(rawFolder), rowsPath(rawFolder)]) rmSync(path, { force: true });
}
