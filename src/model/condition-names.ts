import type { Fingerprint } from './run.ts';

/** What conditions of a measurement are called wherever two measurements are compared. */

/** The machine makes the figures of the local target; elsewhere it only sends the load. */
export const MACHINE = ['arch', 'cpuModel', 'cores', 'memoryMb', 'cpuMode'] as const;
export const SOFTWARE = ['os', 'node', 'k6', 'tool'] as const;

export const FINGERPRINT_NAMES = {
  arch: 'architecture',
  cpuModel: 'CPU model',
  cores: 'cores',
  memoryMb: 'memory of the machine (MB)',
  cpuMode: 'CPU in proportion to memory',
  os: 'operating system',
  node: 'Node.js',
  k6: 'k6',
  tool: 'bench',
} as const satisfies Partial<Record<keyof Fingerprint, string>>;

/** Fields of a load, as the flags name them. */
const LOAD_NAMES: Record<string, string> = {
  ratePerS: 'rate (requests/s)',
  rateFromHost: 'rate is what the host can initialise',
  warmUpS: 'warm-up (s)',
  rampS: 'ramp (s)',
  holdS: 'hold (s)',
  overS: 'over (s)',
  thinkTimeS: 'think (s)',
  vus: 'virtual users',
  coldStarts: 'cold starts a trial',
  warmRequests: 'warm requests after each',
};

/** `load: hold (s)` */
export function loadName(field: string): string {
  return `load: ${LOAD_NAMES[field] ?? field}`;
}

/** `UserProfile 25%, UserWithTweets 75%`, by name: weights count in proportion. */
export function weightsText(operations: readonly { name: string; weight: number }[]): string {
  const total = operations.reduce((sum, { weight }) => sum + weight, 0);
  return [...operations]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, weight }) => `${name} ${Number(((100 * weight) / total).toFixed(3))}%`)
    .join(', ');
}
