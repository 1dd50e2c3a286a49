import { checkBaseline, initProbesOf } from '../../gate/baseline/check.ts';
import { conditionsOf } from '../../gate/baseline/conditions.ts';
import { readBaseline } from '../../gate/baseline/read.ts';
import type { Baseline } from '../../model/gate.ts';
import type { Plan } from '../../model/run.ts';
import { askedLoads } from '../../pipeline/asked-loads.ts';
import type { Tools } from '../../pipeline/types.ts';

/** A stored baseline and what a head must do as its run did. Throws UsageError naming the file. */
export function storedBaseline(path: string): { baseline: Baseline; initProbes: number } {
  const baseline = readBaseline(path);
  return { baseline, initProbes: initProbesOf(baseline) };
}

/** Throws UsageError where the baseline was measured under other conditions than `plan` would be. */
export async function checkConditions(
  { path, baseline }: { path: string; baseline: Baseline },
  plan: Plan,
  { fingerprint, backends }: Tools,
  requestTimeoutS: number,
): Promise<void> {
  const loads = await askedLoads(plan, backends, requestTimeoutS);
  checkBaseline({
    baseline,
    label: path,
    head: conditionsOf({ plan, fingerprint, loads }),
    cellIds: plan.gate?.cellIds ?? [],
  });
}
