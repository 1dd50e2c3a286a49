import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES, type RawLogEvent, type RawMetric, type RawTrace } from '../model/raw.ts';
import { reportKey } from './logs/envelope.ts';
import { createRawFile } from './shared/raw-file.ts';
import { readLines } from './shared/read-lines.ts';

/** How much of each kind a raw folder holds. */
export interface RawCounts {
  traces: number;
  reports: number;
  /** Series with a value. */
  metrics: number;
  /** Points of all series. */
  points: number;
}

/** Ids of the traces that are there; those of them that look unfinished are to be asked for again. */
export async function tracesOf(
  rawFolder: string,
): Promise<{ ids: Set<string>; unfinished: Set<string> }> {
  const ids = new Set<string>();
  const unfinished = new Set<string>();
  for await (const lines of readLines(join(rawFolder, RAW_FILES.traces))) {
    for (const line of lines) {
      const trace = parsed<RawTrace>(line);
      if (trace === null) continue;
      ids.add(trace.Id);
      if (!isWhole(trace)) unfinished.add(trace.Id);
    }
  }
  return { ids, unfinished };
}

/** Every request that reached Lambda has the function's segment, and none in progress. */
function isWhole({ Segments }: RawTrace): boolean {
  const documents = Segments.map(({ Document }) => Document);
  return (
    documents.some((document) => document.includes('AWS::Lambda::Function')) &&
    !documents.some((document) => /"in_progress"\s*:\s*true/.test(document))
  );
}

/**
 * Adds what was read later, in `from`, to a trial's raw folder: nothing is lost, nothing is there
 * twice. Each file is replaced when its successor is whole, and left alone where nothing is new.
 * @param isOwn false for a later trial's event, which a margin held
 */
export async function addRaw(
  rawFolder: string,
  from: string,
  isOwn: (event: RawLogEvent) => boolean,
): Promise<void> {
  await addTraces(rawFolder, from);
  await addReports(rawFolder, from, isOwn);
  await addMetrics(rawFolder, from);
}

async function addTraces(rawFolder: string, from: string): Promise<void> {
  const path = join(rawFolder, RAW_FILES.traces);
  const laterPath = join(from, RAW_FILES.traces);
  // Ids and sizes only: there may be a hundred thousand.
  const later = new Map<string, { segments: number; line: string }>();
  for await (const lines of readLines(laterPath)) {
    for (const line of lines) {
      const trace = parsed<RawTrace>(line);
      if (trace === null) continue;
      later.set(trace.Id, { segments: trace.Segments.length, line: hash('md5', line) });
    }
  }
  const file = createRawFile(path);
  try {
    for await (const lines of readLines(path)) {
      const kept = lines.filter((line) => {
        const id = idOf(line);
        const other = later.get(id);
        if (other === undefined) return true;
        // A new read stands in for an old one if it is another and has at least as much.
        const same = other.line === hash('md5', line);
        if (!same && other.segments >= (parsed<RawTrace>(line)?.Segments.length ?? 0)) return false;
        later.delete(id);
        return true;
      });
      if (kept.length > 0) await file.write(`${kept.join('\n')}\n`);
    }
    if (later.size === 0) return;
    for await (const lines of readLines(laterPath)) {
      const added = lines.filter((line) => later.has(idOf(line)));
      if (added.length > 0) await file.write(`${added.join('\n')}\n`);
    }
    await file.finish();
  } finally {
    await file.discard();
  }
}

function idOf(line: string): string {
  return /^\{"Id":"([^"]*)"/.exec(line)?.[1] ?? parsed<RawTrace>(line)?.Id ?? '';
}

async function addReports(
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
        const event = parsed<RawLogEvent>(line);
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

/** A later value of a minute stands in for an earlier one: CloudWatch adds up as points arrive. */
async function addMetrics(rawFolder: string, from: string): Promise<void> {
  const path = join(rawFolder, RAW_FILES.metrics);
  const old = readMetrics(path);
  const later = readMetrics(join(from, RAW_FILES.metrics));
  if (later.length === 0) return;
  const keyOf = ({ namespace, metric, dimensions, statistic }: RawMetric) =>
    JSON.stringify([namespace, metric, dimensions, statistic]);
  const all = new Map(old.map((series) => [keyOf(series), series]));
  for (const series of later) {
    const points = new Map<string, number>();
    for (const { timestamps, values } of [all.get(keyOf(series)), series].filter(
      (one) => one !== undefined,
    )) {
      for (const [i, at] of timestamps.entries()) points.set(at, values[i] as number);
    }
    const sorted = [...points].sort(([a], [b]) => (a < b ? -1 : 1));
    all.set(keyOf(series), {
      ...series,
      timestamps: sorted.map(([at]) => at),
      values: sorted.map(([, value]) => value),
    });
  }
  const text = JSON.stringify([...all.values()]);
  if (text === JSON.stringify(old)) return;
  const file = createRawFile(path);
  try {
    await file.write(text);
    await file.finish();
  } finally {
    await file.discard();
  }
}

function readMetrics(path: string): RawMetric[] {
  if (!existsSync(path)) return [];
  const value = parsed<RawMetric[]>(readFileSync(path, 'utf8'));
  return Array.isArray(value) ? value : [];
}

/** What a raw folder holds, of these ids where they are named. */
export async function countRaw(rawFolder: string, ids: readonly string[]): Promise<RawCounts> {
  const there = (await tracesOf(rawFolder)).ids;
  const reports = new Set<string>();
  for await (const lines of readLines(join(rawFolder, RAW_FILES.logs))) {
    for (const line of lines) {
      const event = parsed<RawLogEvent>(line);
      if (event !== null) reports.add(reportKey(event));
    }
  }
  const series = readMetrics(join(rawFolder, RAW_FILES.metrics));
  return {
    traces: ids.filter((id) => there.has(id)).length,
    reports: reports.size,
    metrics: series.filter(({ values }) => values.length > 0).length,
    points: series.reduce((total, { values }) => total + values.length, 0),
  };
}

function parsed<T>(text: string): T | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as T) : null;
  } catch {
    return null;
  }
}
