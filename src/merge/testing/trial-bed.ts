import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Cell } from '../../model/run.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { Database, literal, type Cell as Value } from '../../store/tables/database.ts';
import { mergeTrial } from '../merge-trial.ts';

export const CELL: Cell = {
  id: 'dynamo-1024-rest-api-apollo-x1-ramp',
  endpoint: anEndpoint(),
  profile: { kind: 'ramp', ratePerS: 50, warmUpS: 4, rampS: 8, holdS: 28 },
};

/** Of the test that runs. */
export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-merge-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

export const merge = () => mergeTrial({ trialFolder: folder, cell: CELL });

export async function read<Row extends Record<string, Value>>(
  table: string,
  tail = '',
): Promise<Row[]> {
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  try {
    const file = literal(join(folder, `${table}.parquet`));
    return await database.rows<Row>(`select * from read_parquet(${file}) ${tail}`);
  } finally {
    database.close();
  }
}
