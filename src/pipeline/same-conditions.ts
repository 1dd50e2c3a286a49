import { shortened } from '../base/digest.ts';
import { UsageError } from '../base/errors.ts';
import { FINGERPRINT_NAMES, weightsText } from '../model/condition-names.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { LoadFacts } from '../model/load-facts.ts';
import type { PreparedCell } from '../model/ports.ts';
import type { Fingerprint, Run } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';

/** The machine sends the load wherever endpoints live, with this k6 and by this program. */
const OF_ALL = ['arch', 'cpuModel', 'cores', 'k6', 'tool'] as const;
/** On this machine it also is the Lambda, and its Node.js runs the handlers. */
const OF_LOCAL = ['cpuMode', 'node'] as const;
/** A restart may leave the kernel a little more or less of it. */
const MEMORY_SHARE = 0.05;

/**
 * A run goes on where its trials are those of one machine and one set of tools. Throws UsageError with
 * all that is another; what may matter and need not is returned.
 */
export function checkMachine({ plan, fingerprint: then }: Run, now: Fingerprint): Warning[] {
  const keys = plan.target === 'local' ? [...OF_ALL, ...OF_LOCAL] : OF_ALL;
  const differing = keys
    .filter((key) => then[key] !== now[key])
    .map((key) => `${FINGERPRINT_NAMES[key]}: ${then[key]} then, ${now[key]} now`);
  if (Math.abs(then.memoryMb - now.memoryMb) > MEMORY_SHARE * then.memoryMb) {
    differing.push(`${FINGERPRINT_NAMES.memoryMb}: ${then.memoryMb} then, ${now.memoryMb} now`);
  }
  if (differing.length > 0) {
    throw new UsageError(
      [
        'the run cannot go on here, its trials would be of two machines or two sets of tools:',
        ...differing,
        'go on where it began, or begin a new run; "bench report" has what was measured',
      ].join('\n  '),
    );
  }
  if (then.os === now.os) return [];
  return [
    {
      code: 'resumed-on-other-kernel',
      severity: 'doubtful',
      message: `The run began on ${then.os} and went on, on ${now.os}: trials before and after may differ by that.`,
    },
  ];
}

/** Throws UsageError where the code of a cell is not what its earlier trials ran. */
export function checkCode({ bundles }: Run, prepared: readonly PreparedCell[]): void {
  for (const { cell, artifact } of prepared) {
    // Of what the user deployed there is no code here.
    if (cell.endpoint.server === null) continue;
    const key = bundleKey(cell.endpoint);
    const then = bundles.find((one) => bundleKey(one) === key);
    if (then === undefined || then.sha256 === artifact.facts.sha256) continue;
    throw new UsageError(
      `the code of ${cell.id} has changed since the run began (its bundle was ${shortened(then.sha256)} and is ${shortened(artifact.facts.sha256)})\n  its trials would be of two codes: bring files and packages back to what they were, or begin a new run`,
    );
  }
}

/** Throws UsageError where the trials to come would ask other questions than those on disk did. */
export function checkLoads(
  before: ReadonlyMap<string, LoadFacts>,
  now: ReadonlyMap<string, LoadFacts>,
): void {
  for (const [cellId, then] of before) {
    const asked = now.get(cellId);
    const changed = asked === undefined ? null : changeOf(then, asked);
    if (changed === null) continue;
    throw new UsageError(
      `what ${cellId} is asked has changed since the run began: ${changed}\n  bring it back to what it was, or begin a new run`,
    );
  }
}

function changeOf(then: LoadFacts, now: LoadFacts): string | null {
  if (then.requestTimeoutS !== now.requestTimeoutS) {
    return `--request-timeout was ${then.requestTimeoutS} s and is ${now.requestTimeoutS} s`;
  }
  const [before, after] = [weightsText(then.operations), weightsText(now.operations)];
  if (before !== after) return `the operations were ${before} and are ${after}`;
  for (const { name, query, rowsSha256 } of then.operations) {
    const own = now.operations.find((one) => one.name === name);
    if (own?.query !== query) return `the query of ${name}`;
    if (own.rowsSha256 !== rowsSha256) return `the variables of ${name}, or what they answer`;
  }
  return null;
}
