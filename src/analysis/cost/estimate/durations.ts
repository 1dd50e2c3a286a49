import type { Bounds } from '../../../model/cost-estimate.ts';
import type { Endpoint } from '../../../model/endpoint.ts';

/** Where the published times below were measured. */
const PUBLISHED_MB = 1024;

/**
 * Billed milliseconds of a warm call at 1024 MB. Low: what this project measured on its local Lambda
 * (docs/figures.md: p50 3.4 to 5 ms). High: the average execution of 60 ms that the 2019 study
 * published for DynamoDB; Postgres at 100 times the data took it ten times as long.
 */
const WARM_MS: Readonly<Record<string, Bounds>> = {
  dynamo: { low: 4, high: 60 },
  postgres: { low: 3, high: 60 },
};
const POSTGRES_LARGE: Bounds = { low: 3, high: 600 };
/** Of handlers that are not ours. */
const OTHERS: Bounds = { low: 3, high: 500 };

/**
 * Billed milliseconds of an initialisation: an empty function's (published, Node 24 on arm64), and
 * twice what the study saw a cold start add. Init does not depend on the memory: it has two vCPUs.
 */
export const INIT_MS: Bounds = { low: 116, high: 1600 };

/** Billed seconds of a call in a warm environment. */
export function warmS({ backend, dataset, memoryMb, timeoutS }: Endpoint): Bounds {
  const large = backend === 'postgres' && dataset !== 'x1';
  const { low, high } = large ? POSTGRES_LARGE : (WARM_MS[backend] ?? OTHERS);
  const slower = Math.max(1, PUBLISHED_MB / (memoryMb ?? PUBLISHED_MB));
  return { low: low / 1000, high: Math.min((high * slower) / 1000, timeoutS ?? 900) };
}
