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

/** What the exit code alone does not say of a verdict that is no PASS, as a line; null: nothing. */
export function exitNote(
  { verdict, advisory }: Pick<GateResult, 'verdict' | 'advisory'>,
  { inconclusive, sides }: Pick<GateOptions, 'inconclusive' | 'sides'>,
): string | null {
  if (verdict === 'pass') return null;
  if (advisory && !(sides.kind === 'baseline' && sides.enforce)) {
    return 'this is advice, as the baseline is of another run: --enforce makes it count';
  }
  if (verdict === 'fail') return null;
  return inconclusive === null
    ? `undecided: the exit code is ${UNDECIDED}; --inconclusive pass or fail makes it another`
    : `undecided, which counts as a ${inconclusive} here (--inconclusive)`;
}
