import { rdsToken } from '../lib/rds-token.ts';
import type { TracedDatabase } from '../lib/trace-sql.ts';

/** What the environment's variables say of the database and of how to ask it. */
export interface PostgresSettings {
  /** Holds the password, unless there are tokens. */
  url: string;
  /** In place of the URL where the user comes in by an IAM token; null: by the URL's password. */
  byToken: TokenConnection | null;
  schema: string;
  /** Order, limit and position are the database's to find; else the handler's, from all rows. */
  limit: boolean;
  /** Tweets are found by joining them to their user; else by the handle they carry. */
  join: boolean;
  traced: TracedDatabase;
}

/** For drivers: with a token of its own for each connection, over TLS that is verified. */
export interface TokenConnection {
  host: string;
  port: number;
  user: string;
  database: string;
  password: () => string;
  /** By the certificates that Node trusts: RDS's are among them by NODE_EXTRA_CA_CERTS. */
  ssl: true;
}

/** Read once, while the environment initialises. */
export function postgresSettings(): PostgresSettings {
  const { DATABASE_URL: url = '', DATABASE_SCHEMA: schema = 'public' } = process.env;
  const features = (process.env.QUERY_FEATURES ?? '').split(',');
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  const user = decodeURIComponent(username);
  const database = decodeURIComponent(pathname.slice(1)) || user;
  const place = { host, port: Number(port || 5432), user };
  return {
    url,
    byToken:
      process.env.DATABASE_AUTH === 'iam'
        ? { ...place, database, password: () => tokenFor(place), ssl: true }
        : null,
    schema,
    limit: features.includes('limit'),
    join: features.includes('join'),
    traced: {
      name: `${database}@${host}`,
      sql: { url: `${host}:${place.port}/${database}`, user, database_type: 'postgres' },
    },
  };
}

/** By the keys of the function's role, which are in the environment for as long as it lives. */
function tokenFor(place: Parameters<typeof rdsToken>[0]): string {
  const {
    AWS_REGION: region = '',
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  return rdsToken(place, region, { accessKeyId, secretAccessKey, sessionToken });
}
