import type { Database } from '../store/tables/database.ts';

/** Of an id, what joins compare; null where there is none. */
export const keyOf = (id: string) => `case when ${id} is not null then hash(${id}) end`;

/**
 * Runs a statement whose joins are to be made as they stand: what is right of each becomes its hash table,
 * what is left of them streams past. How many requests a CSV holds DuckDB does not know, and
 * would make the table of what has most columns.
 */
export async function inGivenOrder<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.run(`set disabled_optimizers = 'join_order,build_side_probe_side'`);
  try {
    return await work();
  } finally {
    await database.run('reset disabled_optimizers');
  }
}
