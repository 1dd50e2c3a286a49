import { Client } from 'pg';
import { datasetSchema } from '../lib/dataset-schema.ts';
import { connectionsOf, makeReader } from './roles.ts';

export interface SeederEvent {
  datasets: { name: string; indexed: boolean }[];
  /** Owner of the tables. Told here and nowhere else: not by a variable, in no line of a log. */
  admin: { username: string; password: string };
}

export interface SeederAnswer {
  schemas: {
    name: string;
    indexed: boolean;
    schema: string;
    /** false: it was there, whole. */
    made: boolean;
    tweets: number;
    seconds: number;
  }[];
  connections: { max: number; taken: number };
  /** Of this environment so far. */
  peakMemoryMb: number;
}

/** What the bundle is put together of: the local backend's own code (src/backends/postgres). */
export interface SeederParts<Rows extends { tweetCount: number }> {
  /** Rows of a data set, made from the seed. Throws for a name there is not. */
  rowsOf(name: string): Rows;
  /** Tables, rows, keys and rights in one transaction; then the planner's statistics. */
  seed(job: {
    client: Client;
    schema: string;
    rows: Rows;
    index: boolean;
    reader: string | null;
    progress(text: string): void;
    signal: AbortSignal;
  }): Promise<void>;
  /** Names what the rows and tables are made by. */
  content: string;
}

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** To tell of a timeout before Lambda ends the environment. */
const LAST_WORDS_MS = 15_000;
/** One seeding at a time: a caller that lost its connection may ask again. */
const LOCK = 20_191_120;

/**
 * A Lambda handler that fills the database it stands beside: a schema per data set. Each is whole or
 * not there; one that is there, made by the same code, is left. DATABASE_URL names the database, and
 * as its user the role that may read.
 */
export function seeder<Rows extends { tweetCount: number }>(parts: SeederParts<Rows>) {
  return async (event: SeederEvent, context: LambdaContext): Promise<SeederAnswer> => {
    const { url, reader } = place(event.admin);
    const leftMs = Math.max(context.getRemainingTimeInMillis() - LAST_WORDS_MS, 0);
    const signal = AbortSignal.timeout(leftMs);
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: 'graphql-lambda-bench seeder',
      keepAlive: true,
    });
    client.on('error', () => {});
    const outOfTime = new Promise<never>((_, reject) => {
      signal.onabort = () => reject(new Error(`not done in ${Math.round(leftMs / 1000)} s`));
    });
    try {
      return await Promise.race([work(client, reader, event, signal, parts), outOfTime]);
    } catch (error) {
      // In plain words: the runtime would log every field of a driver's error.
      throw new Error(signal.aborted ? `not done in ${Math.round(leftMs / 1000)} s` : words(error));
    } finally {
      // Rolls back what is under way. Not waited for: the server may be gone.
      void client.end().catch(() => {});
    }
  };
}

async function work<Rows extends { tweetCount: number }>(
  client: Client,
  reader: string,
  { datasets }: SeederEvent,
  signal: AbortSignal,
  { rowsOf, seed, content }: SeederParts<Rows>,
): Promise<SeederAnswer> {
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  await makeReader(client, reader);
  const schemas: SeederAnswer['schemas'] = [];
  for (const { name, indexed } of datasets) {
    const startedMs = performance.now();
    const schema = datasetSchema({ name, indexed });
    const rows = rowsOf(name);
    const made = (await madeBy(client, schema)) !== content;
    if (made) {
      // Without the mark it is of other code, or without statistics.
      await client.query(`drop schema if exists ${schema} cascade`);
      const progress = (text: string) => console.log(`${schema}: ${text}`);
      await seed({ client, schema, rows, index: indexed, reader, progress, signal });
      // What a later checkpoint would write during a trial. Where this user may not, it is no loss.
      await client.query('checkpoint').catch(() => {});
      await client.query(`comment on schema ${schema} is ${client.escapeLiteral(content)}`);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    schemas.push({ name, indexed, schema, made, tweets: rows.tweetCount, seconds });
  }
  const connections = await connectionsOf(client);
  const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  return { schemas, connections, peakMemoryMb };
}

/** What stands on a schema that is whole; null: there is none, or it is not. */
async function madeBy(client: Client, schema: string): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    `select obj_description(oid, 'pg_namespace') as mark from pg_namespace where nspname = $1`,
    [schema],
  );
  return rows[0]?.mark ?? null;
}

function place({ username, password }: SeederEvent['admin']): { url: string; reader: string } {
  const url = new URL(process.env.DATABASE_URL ?? '');
  const reader = decodeURIComponent(url.username);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return { url: url.href, reader };
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code } = error as Error & { code?: string };
  return message || `no connection to the database: ${code}`;
}
