import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errnoOf } from '../base/errors.ts';
import { RAW_FILES } from '../model/raw.ts';
import type { Database } from '../store/tables/database.ts';
import type { Problems } from './problems.ts';

const seriesSchema = z.object({
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  unit: z.string().nullable(),
  periodS: z.int(),
  timestamps: z.array(z.string()),
  values: z.array(z.number()),
});

const METRICS_TABLE = `
  create table metrics (namespace varchar, metric varchar, dimensions varchar, statistic varchar,
    unit varchar, at_us bigint, period_s integer, value double);`;

/** Reads the CloudWatch points into the table `metrics`. False where there is no such file. */
export async function loadMetrics(
  database: Database,
  file: string,
  problems: Problems,
): Promise<boolean> {
  await database.run(METRICS_TABLE);
  let all: unknown;
  try {
    all = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    problems.add(RAW_FILES.metrics, 'it is not JSON');
    return true;
  }
  if (!Array.isArray(all)) {
    problems.add(RAW_FILES.metrics, 'it is not a list');
    return true;
  }
  const rows = await database.appender('metrics');
  for (const item of all as unknown[]) {
    const parsed = seriesSchema.safeParse(item);
    if (!parsed.success) {
      problems.add(RAW_FILES.metrics, 'a series is malformed');
      continue;
    }
    const { data } = parsed;
    const dimensions = Object.entries(data.dimensions)
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join(';');
    for (const [index, timestamp] of data.timestamps.entries()) {
      const atMs = Date.parse(timestamp);
      const value = data.values[index];
      if (Number.isNaN(atMs) || value === undefined) {
        problems.add(RAW_FILES.metrics, `a point of ${data.metric} has no instant or no value`);
        continue;
      }
      rows.appendVarchar(data.namespace);
      rows.appendVarchar(data.metric);
      rows.appendVarchar(dimensions);
      rows.appendVarchar(data.statistic);
      if (data.unit === null) rows.appendNull();
      else rows.appendVarchar(data.unit);
      rows.appendBigInt(BigInt(atMs * 1000));
      rows.appendInteger(data.periodS);
      rows.appendDouble(value);
      rows.endRow();
    }
  }
  rows.closeSync();
  return true;
}
