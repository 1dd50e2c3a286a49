import { nowUs } from '../../base/clock.ts';
import type { FunctionHost } from '../../emulator/types.ts';

/** As many as fill the cores several times over: a queue of them lasts about a second here. */
const ENVIRONMENTS = 8;

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
  const startedUs = nowUs();
  await Promise.all(
    Array.from({ length: ENVIRONMENTS }, () => functions.measureInit(functionName)),
  );
  return { perS: (ENVIRONMENTS * 1e6) / (nowUs() - startedUs), environments: ENVIRONMENTS };
}
