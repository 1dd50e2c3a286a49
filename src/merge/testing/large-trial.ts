import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../base/random.ts';
import { RAW_FILES } from '../../model/raw.ts';
import { CSV_HEADER, csvRows, rawTrace, reportEvent } from './known-request.ts';
import { jsonLines, knownRequests } from './raw-trial.ts';

const AT_A_TIME = 5000;

/** As writeRawTrial, in pieces, for more requests than fit into memory as text. */
export function writeLargeTrial(trialFolder: string, count: number, random: Random): void {
  const raw = join(trialFolder, 'raw');
  mkdirSync(raw, { recursive: true });
  const requests = knownRequests(count, random, { ratePerS: 500 });
  writeFileSync(join(raw, RAW_FILES.k6Samples), `${CSV_HEADER}\n`);
  for (const file of [RAW_FILES.traces, RAW_FILES.logs]) rmSync(join(raw, file), { force: true });
  for (let from = 0; from < count; from += AT_A_TIME) {
    const piece = requests.slice(from, from + AT_A_TIME);
    appendFileSync(join(raw, RAW_FILES.k6Samples), piece.map(csvRows).join(''));
    appendFileSync(
      join(raw, RAW_FILES.traces),
      jsonLines(piece.map((known) => rawTrace(known, { documents: 'old', clock: 'milliseconds' }))),
    );
    appendFileSync(join(raw, RAW_FILES.logs), jsonLines(piece.map(reportEvent)));
  }
}
