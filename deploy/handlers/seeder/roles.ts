import type { Client } from 'pg';

/**
 * Makes the role that handlers come in as, by tokens of IAM: RDS asks members of `rds_iam` for one and
 * accepts no password of theirs. It may read the schemas it is granted, and nothing else.
 */
export async function makeReader(client: Client, reader: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [reader]);
  const name = client.escapeIdentifier(reader);
  if (rowCount === 0) await client.query(`create role ${name} login`);
  await client.query(`grant rds_iam to ${name}`);
}

/** Connections that the reader can have; the rest is kept for others, or in use by now. */
export async function connectionsOf(client: Client): Promise<{ max: number; taken: number }> {
  const { rows } = await client.query<{ max: number; taken: number }>(
    `select
      current_setting('max_connections')::int as max,
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true)::int, 0)
        + coalesce(current_setting('rds.rds_superuser_reserved_connections', true)::int, 0)
        + (select greatest(sum(numbackends)::int - 1, 0) from pg_stat_database) as taken`,
  );
  return rows[0] ?? { max: 0, taken: 0 };
}
