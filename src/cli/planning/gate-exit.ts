import type { GateOptions } from '../../config/gating/options.ts';
import type { GateResult } from '../../model/gate.ts';

const PASSED = 0;
const UNDECIDED = 98;
const REGRESSION = 99;

/** The exit code of a verdict. What is advice fails nothing, unless it is to be enforced. */
export function gateExitCode(
  { verdict, advisory }: Pick<GateResult, 'verdict' | 'advisory'>,
  { inconclusive, sides }: Pick<GateOptions, 'inconclusive' | 'sides'>,
): number {
  const enforced = !advisory || (sides.kind === 'baseline' && sides.enforce);
  if (!enforced) return PASSED;
  switch (verdict) {
    case 'pass':
      return PASSED;
    case 'fail':
      return REGRESSION;
    case 'inconclusive':
      if (inconclusive === null) return UNDECIDED;
      return inconclusive === 'pass' ? PASSED : REGRESSION;
  }
}
