import type { RawLogEvent } from '../model/raw.ts';
import { addMetrics, readMetrics } from './cloudwatch/raw-metrics.ts';
import { addReports, countReports } from './logs/raw-reports.ts';
import { addTraces, tracesOf } from './xray/raw-traces.ts';

/** How much of each kind a raw folder holds. */
export interface RawCounts {
  traces: number;
  reports: number;
  /** Series with a value. */
  metrics: number;
  /** Points of all series. */
  points: number;
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

/** What a raw folder holds, of these ids where they are named. */
export async function countRaw(rawFolder: string, ids: readonly string[]): Promise<RawCounts> {
  const there = (await tracesOf(rawFolder)).ids;
  const series = readMetrics(rawFolder);
  return {
    traces: ids.filter((id) => there.has(id)).length,
    reports: await countReports(rawFolder),
    metrics: series.filter(({ values }) => values.length > 0).length,
    points: series.reduce((total, { values }) => total + values.length, 0),
  };
}
