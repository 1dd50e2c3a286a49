import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Dataset } from '../../../fixtures/dataset/dataset.ts';
import { isExpected, messageOf, ToolError, UsageError } from '../../base/errors.ts';
import type { BackendContext } from '../../model/ports.ts';
import type { ConnectionLimits } from './connections.ts';
import { explained, parsedUrl } from './explain-refusal.ts';
import { seed } from './seed.ts';
import type { PostgresServer } from './server.ts';

const CONNECT_MS = 10_000;
/** server_version_num. Older ones are out of support since 2022. */
const OLDEST_VERSION = 120_000;

/**
 * The user's PostgreSQL with the data set in a schema of our own, which goes in the end. Nothing else
 * of it is touched. Throws UsageError that says what PostgreSQL refused, never with the password.
 */
export async function startGivenServer(
  context: BackendContext,
  url: string,
  rows: Dataset,
  index: boolean,
): Promise<PostgresServer> {
  const { progress, signal } = context;
  const place = parsedUrl(url);
  const schema = `graphql_lambda_bench_${randomBytes(4).toString('hex')}`;
  const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    let client: Client | undefined;
    try {
      client = new Client({
        connectionString: url,
        connectionTimeoutMillis: CONNECT_MS,
        application_name: 'graphql-lambda-bench',
      });
      // Told once more of what its calls reject with.
      client.on('error', () => {});
      await client.connect();
      return await work(client);
    } catch (error) {
      throw isExpected(error) ? error : explained(error, place);
    } finally {
      // Not waited for: the server may be gone.
      void client?.end().catch(() => {});
    }
  };
  progress(`connecting to ${place.host}`);
  const drop = async () => {
    const statement = `drop schema if exists ${schema} cascade`;
    try {
      await withClient((client) => client.query(statement));
    } catch (error) {
      throw new ToolError(`${messageOf(error)}\nthe data set is still there: ${statement}`);
    }
  };
  // pg and the streams have errors of their own for an abort: the caller wants its reason back.
  const unlessAborted = (error: unknown): never => {
    signal.throwIfAborted();
    throw error;
  };
  const limits = await withClient(async (client) => {
    await checkVersion(client, place.host);
    return await limitsOf(client);
  }).catch(unlessAborted);
  try {
    await withClient((client) =>
      seed({ client, schema, rows, index, reader: null, progress, signal }),
    );
  } catch (error) {
    // Whatever became of it: where the tables could not be made, there is nothing to drop.
    await drop().catch(() => {});
    throw unlessAborted(error);
  }
  return {
    url,
    schema,
    limits,
    cpuUs: () => 0,
    stop: drop,
  };
}

async function checkVersion(client: Client, host: string): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::int as number,
      current_setting('server_version') as text`,
  );
  const [version] = rows;
  if (version !== undefined && version.number >= OLDEST_VERSION) return;
  throw new UsageError(
    `--postgres-url: PostgreSQL ${version?.text} on ${host} is too old; 12 or newer is needed`,
  );
}

/** What is left for handlers, who come in as the same user. */
async function limitsOf(client: Client): Promise<ConnectionLimits> {
  const { rows } = await client.query<{ most: number; reserved: number; others: number }>(
    `select
      least(current_setting('max_connections')::int,
        (select case when rolconnlimit < 0 then null else rolconnlimit end
          from pg_roles where rolname = current_user),
        (select case when datconnlimit < 0 then null else datconnlimit end
          from pg_database where datname = current_database())) as most,
      case when current_setting('is_superuser') = 'on' then 0
        else current_setting('superuser_reserved_connections')::int
          + coalesce(current_setting('reserved_connections', true)::int, 0) end as reserved,
      (select sum(numbackends)::int - 1 from pg_stat_database) as others`,
  );
  const { most = 0, reserved = 0, others = 0 } = rows[0] ?? {};
  return { maxConnections: most, taken: reserved + others };
}
