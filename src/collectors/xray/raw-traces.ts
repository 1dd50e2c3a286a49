import { hash } from 'node:crypto';
import { join } from 'node:path';
import { RAW_FILES, type RawTrace } from '../../model/raw.ts';
import { createRawFile } from '../../store/raw-file.ts';
import { parseLine } from '../shared/parse-line.ts';
import { readLines } from '../shared/read-lines.ts';
import { isUnfinished } from './envelope.ts';

/** Ids of the traces that are there; those of them that look unfinished are to be asked for again. */
export async function tracesOf(
  rawFolder: string,
): Promise<{ ids: Set<string>; unfinished: Set<string> }> {
  const ids = new Set<string>();
  const unfinished = new Set<string>();
  for await (const lines of readLines(join(rawFolder, RAW_FILES.traces))) {
    for (const line of lines) {
      const trace = parseLine<RawTrace>(line);
      if (trace === null) continue;
      ids.add(trace.Id);
      if (!isWhole(trace)) unfinished.add(trace.Id);
    }
  }
  return { ids, unfinished };
}

/** Every request that reached Lambda has the function's segment, and none that is unfinished. */
function isWhole({ Segments }: RawTrace): boolean {
  const documents = Segments.map(({ Document }) => Document);
  return (
    documents.some((document) => document.includes('AWS::Lambda::Function')) &&
    !documents.some(isUnfinished)
  );
}

/** Adds traces that were read later; a trace that was there is replaced where the new one has more. */
export async function addTraces(rawFolder: string, from: string): Promise<void> {
  const path = join(rawFolder, RAW_FILES.traces);
  const laterPath = join(from, RAW_FILES.traces);
  // Ids and sizes only: there may be a hundred thousand.
  const later = new Map<string, { segments: number; line: string }>();
  for await (const lines of readLines(laterPath)) {
    for (const line of lines) {
      const trace = parseLine<RawTrace>(line);
      if (trace === null) continue;
      later.set(trace.Id, { segments: trace.Segments.length, line: hash('md5', line) });
    }
  }
  const file = createRawFile(path);
  try {
    for await (const lines of readLines(path)) {
      const kept = lines.filter((line) => {
        const id = traceIdOf(line);
        const other = later.get(id);
        if (other === undefined) return true;
        // A new read stands in for an old one if it is another and has at least as much.
        const same = other.line === hash('md5', line);
        if (!same && other.segments >= (parseLine<RawTrace>(line)?.Segments.length ?? 0))
          return false;
        later.delete(id);
        return true;
      });
      if (kept.length > 0) await file.write(`${kept.join('\n')}\n`);
    }
    if (later.size === 0) return;
    for await (const lines of readLines(laterPath)) {
      const added = lines.filter((line) => later.has(traceIdOf(line)));
      if (added.length > 0) await file.write(`${added.join('\n')}\n`);
    }
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** Of a line of the file, without reading all of it. */
export function traceIdOf(line: string): string {
  return /^\{"Id":"([^"]*)"/.exec(line)?.[1] ?? parseLine<RawTrace>(line)?.Id ?? '';
}
