import type { Analysis } from '../model/analysis.ts';
import type { GateResult } from '../model/gate.ts';

/** The verdict on a run that is a gate, of what its analysis holds; null where it is none. */
export function judgeGate(analysis: Analysis): GateResult | null {
  if (analysis.run.plan.gate === null) return null;
  throw new Error('to be written');
}
