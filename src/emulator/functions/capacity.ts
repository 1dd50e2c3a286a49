import type { HostAccounts } from './accounts.ts';

/** Kept free for the load generator, the databases and this process. */
const RESERVE_MB = 512;
/** What an environment is taken to need before it has shown its use. */
const EXPECTED_MB = 160;

/**
 * Why this host cannot run so many more environments; null where it can.
 * @param maxEnvironments null: as many as free memory allows
 */
export function capacityProblem(
  accounts: Pick<HostAccounts, 'living' | 'livingCount'>,
  maxEnvironments: number | null,
  { memoryMb, environments }: { memoryMb: number; environments: number },
): string | null {
  const another = environments === 1 ? 'another environment' : `${environments} more environments`;
  if (maxEnvironments !== null) {
    return accounts.livingCount + environments <= maxEnvironments
      ? null
      : `this host runs at most ${maxEnvironments} environments at a time (maxEnvironments)`;
  }
  // Those that are starting have not taken their memory yet.
  let promisedMb = environments * Math.min(memoryMb, EXPECTED_MB);
  for (const environment of accounts.living) {
    if (environment.state === 'starting') {
      promisedMb += Math.min(environment.configuration.memoryMb, EXPECTED_MB);
    }
  }
  const freeMb = Math.floor(process.availableMemory() / 1024 / 1024);
  return freeMb - promisedMb >= RESERVE_MB
    ? null
    : `this host has no memory for ${another}: ${freeMb} MB free, ${accounts.livingCount} environments`;
}
