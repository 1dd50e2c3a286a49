import { join } from 'node:path';
import { RAW_FILES, type RawLogEvent } from '../../model/raw.ts';
import { createRawFile } from '../../store/raw-file.ts';
import { parseLine } from '../shared/parse-line.ts';
import { readLines } from '../shared/read-lines.ts';
import { reportKey } from './envelope.ts';

/** Adds REPORT lines that were read later, and are not there yet. */
export async function addReports(
  rawFolder: string,
  from: string,
  isOwn: (event: RawLogEvent) => boolean,
): Promise<void> {
  const path = join(rawFolder, RAW_FILES.logs);
  const seen = new Set<string>();
  let added = 0;
  const file = createRawFile(path);
  const add = async (source: string, later: boolean) => {
    for await (const lines of readLines(source)) {
      const kept = lines.filter((line) => {
        const event = parseLine<RawLogEvent>(line);
        // Damaged lines stay where they are: the merge tells of them.
        if (event === null) return !later;
        const key = reportKey(event);
        if (seen.has(key) || (later && !isOwn(event))) return false;
        seen.add(key);
        if (later) added += 1;
        return true;
      });
      if (kept.length > 0) await file.write(`${kept.join('\n')}\n`);
    }
  };
  try {
    await add(path, false);
    await add(join(from, RAW_FILES.logs), true);
    if (added > 0) await file.finish();
  } finally {
    await file.discard();
  }
}

/** How many REPORT lines a raw folder holds. */
export async function countReports(rawFolder: string): Promise<number> {
  const reports = new Set<string>();
  for await (const lines of readLines(join(rawFolder, RAW_FILES.logs))) {
    for (const line of lines) {
      const event = parseLine<RawLogEvent>(line);
      if (event !== null) reports.add(reportKey(event));
    }
  }
  return reports.size;
}
