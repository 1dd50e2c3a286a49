import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES, type RawMetric } from '../../model/raw.ts';
import { createRawFile } from '../../store/raw-file.ts';
import { parseLine } from '../shared/parse-line.ts';

/** A later value of a minute stands in for an earlier one: CloudWatch adds up as points arrive. */
export async function addMetrics(rawFolder: string, from: string): Promise<void> {
  const old = readMetrics(rawFolder);
  const later = readMetrics(from);
  if (later.length === 0) return;
  const keyOf = ({ namespace, metric, dimensions, statistic }: RawMetric) =>
    JSON.stringify([namespace, metric, dimensions, statistic]);
  const all = new Map(old.map((series) => [keyOf(series), series]));
  for (const series of later) {
    const points = new Map<string, number>();
    const earlier = all.get(keyOf(series));
    for (const { timestamps, values } of earlier === undefined ? [series] : [earlier, series]) {
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
  const file = createRawFile(join(rawFolder, RAW_FILES.metrics));
  try {
    await file.write(text);
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** The series of a raw folder. */
export function readMetrics(rawFolder: string): RawMetric[] {
  const path = join(rawFolder, RAW_FILES.metrics);
  if (!existsSync(path)) return [];
  const value = parseLine<RawMetric[]>(readFileSync(path, 'utf8'));
  return Array.isArray(value) ? value : [];
}
