import { randomBytes } from 'node:crypto';
import { currentTrace, nowSeconds, sendSubsegment, type Trace } from './xray.ts';

/** How subsegments name a database, as the X-Ray SDK does: no password in it. */
export interface TracedDatabase {
  /** `database@host` */
  name: string;
  sql: { url: string; user: string; database_type: 'postgres' };
}

/** When a connection was set up, in seconds since the epoch. */
export interface Interval {
  start_time: number;
  end_time: number;
}

/**
 * Runs a query as one subsegment of the invocation, in the form of the X-Ray SDK's capture of
 * Postgres: from when it was asked for, so that waiting for the one connection counts, to its rows.
 * Where it had to set up the connection, that is a subsegment within it: part of its time, seen apart,
 * and not a call to the backend of its own.
 */
export async function traceQuery<T>(
  database: TracedDatabase,
  /** With placeholders for values. Asked for when the time has been taken. */
  sql: () => string,
  run: (connected: (setUp: Interval) => void) => Promise<T>,
): Promise<T> {
  const trace = currentTrace();
  if (trace === undefined) return run(() => {});
  const start_time = nowSeconds();
  let setUp: Interval | undefined;
  const finish = (failed: object) => {
    const end_time = nowSeconds();
    const id = randomBytes(8).toString('hex');
    const { name } = database;
    sendSubsegment(trace, {
      id,
      name,
      namespace: 'remote',
      start_time,
      end_time,
      ...failed,
      sql: { ...database.sql, sanitized_query: sql() },
    });
    if (setUp !== undefined) sendSetUp(trace, id, name, setUp);
  };
  try {
    const result = await run((interval) => {
      setUp = interval;
    });
    finish({});
    return result;
  } catch (error) {
    // The database's own words; whose fault it is they do not tell.
    const { message } = error as Error;
    const exception = { id: randomBytes(8).toString('hex'), message, remote: true };
    finish({ fault: true, cause: { exceptions: [exception] } });
    throw error;
  }
}

function sendSetUp(trace: Trace, queryId: string, name: string, setUp: Interval): void {
  sendSubsegment(trace, {
    parent_id: queryId,
    name: `connect ${name}`,
    namespace: 'remote',
    ...setUp,
  });
}
