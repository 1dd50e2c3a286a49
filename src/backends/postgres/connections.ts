import type { HostFacts } from '../../model/trial.ts';
import type { Warning } from '../../model/warning.ts';

/** How many environments can have their connection. */
export interface ConnectionLimits {
  maxConnections: number;
  /** Of them, those that are not for handlers: kept for superusers, or others' at the start. */
  taken: number;
}

/** From this share on it is worth knowing. */
const CLOSE = 0.8;

/** Environments beyond the connections get an error of PostgreSQL in place of data. */
export function connectionWarnings(
  { maxConnections, taken }: ConnectionLimits,
  host: HostFacts | null,
): Warning[] {
  if (host === null) return [];
  const free = maxConnections - taken;
  const peak = host.environmentsPeak;
  const limit = `${free} for them (max_connections is ${maxConnections}; the rest is kept for superusers or was in use)`;
  if (peak > free) {
    return [
      {
        code: 'database-connections',
        severity: 'doubtful',
        message: `${peak} environments were alive at once and each wants a connection, but PostgreSQL has ${limit}: requests of the others fail with its error 53300`,
      },
    ];
  }
  if (peak < CLOSE * free) return [];
  return [
    {
      code: 'database-connections',
      severity: 'note',
      message: `${peak} environments were alive at once, each with a connection; PostgreSQL has ${limit}`,
    },
  ];
}
