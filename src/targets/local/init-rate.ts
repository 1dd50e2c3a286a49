import { availableParallelism } from 'node:os';
import { nowUs } from '../../base/clock.ts';
import type { FunctionHost } from '../../emulator/types.ts';

/** So many that what begins and ends without the others weighs little. */
const ENVIRONMENTS_PER_CORE = 4;

export interface InitRate {
  perS: number;
  environments: number;
}

/**
 * Environments of a function this host can initialise per second: has several of them initialised
 * at once (the host caps how many initialise at a time) and divides by the time until the last one is
 * gone again. It leaves no log line and counts nowhere.
 * @throws ToolError where the function does not initialise
 */
export async function measureInitRate(
  functions: FunctionHost,
  functionName: string,
): Promise<InitRate> {
  const environments = ENVIRONMENTS_PER_CORE * availableParallelism();
  const startedUs = nowUs();
  await Promise.all(
    Array.from({ length: environments }, () => functions.measureInit(functionName)),
  );
  return { perS: (environments * 1e6) / (nowUs() - startedUs), environments };
}
