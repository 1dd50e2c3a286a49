import { randomInt } from 'node:crypto';

/** `20261120-191500-x7f2`: sorts by time (UTC), and two of one second differ. */
export function newRunId(at: Date): string {
  const [day, time] = at.toISOString().split('T') as [string, string];
  const suffix = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${suffix}`;
}
