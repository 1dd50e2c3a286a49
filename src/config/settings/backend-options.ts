import { UsageError } from '../../base/errors.ts';
import type { BackendOptions } from '../../model/ports.ts';
import type { Chosen } from './choose.ts';
import { type Environment, postgresUrlOf } from './secrets.ts';
import type { SettingKey } from './table.ts';
import { whole } from './values.ts';

/** What is said of backends, checked. Throws UsageError for what means nothing to those there are. */
export function backendOptions(
  chosen: Chosen,
  backends: readonly string[],
  env: Environment,
): BackendOptions {
  const url = chosen.raw('postgresUrl');
  const connections = chosen.raw('postgresConnections');
  const lost: SettingKey[] = ['postgresUrl', 'postgresConnections'];
  for (const key of lost) {
    // A configuration may say where its PostgreSQL is while a flag asks for another backend.
    if (chosen.source(key) === 'flag' && !backends.includes('postgres')) {
      throw new UsageError(`${chosen.named(key)} means nothing without --backend postgres`);
    }
  }
  if (url !== undefined && connections !== undefined) {
    throw new UsageError(
      `${chosen.named('postgresConnections')} means nothing beside ${chosen.named('postgresUrl')}: your PostgreSQL has its own`,
    );
  }
  const used = backends.includes('postgres');
  return {
    postgresUrl:
      url === undefined || !used ? null : postgresUrlOf(url, chosen.named('postgresUrl'), env),
    postgresConnections:
      connections === undefined || !used
        ? null
        : whole(connections, chosen.named('postgresConnections'), 5, 10_000, ''),
  };
}
