import type { TracedDatabase } from '../lib/trace-sql.ts';

/** What the environment's variables say of the database and of how to ask it. */
export interface PostgresSettings {
  /** Holds the password. */
  url: string;
  schema: string;
  /** Order, limit and position are the database's to find; else the handler's, from all rows. */
  limit: boolean;
  /** Tweets are found by joining them to their user; else by the handle they carry. */
  join: boolean;
  traced: TracedDatabase;
}

/** Read once, while the environment initialises. */
export function postgresSettings(): PostgresSettings {
  const { DATABASE_URL: url = '', DATABASE_SCHEMA: schema = 'public' } = process.env;
  const features = (process.env.QUERY_FEATURES ?? '').split(',');
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  const user = decodeURIComponent(username);
  const database = decodeURIComponent(pathname.slice(1)) || user;
  return {
    url,
    schema,
    limit: features.includes('limit'),
    join: features.includes('join'),
    traced: {
      name: `${database}@${host}`,
      sql: { url: `${host}:${port || 5432}/${database}`, user, database_type: 'postgres' },
    },
  };
}
