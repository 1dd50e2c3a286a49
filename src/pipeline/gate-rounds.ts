import { ToolError } from '../base/errors.ts';
import { lookSchedule } from '../gate/looks.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { GateProgress } from '../model/gate.ts';
import type { BundleFacts, Run } from '../model/run.ts';
import type { RunFolder } from '../store/run-store.ts';
import { analyseFolder } from './replay.ts';
import type { RunSink } from './types.ts';

/** Ends a gate's run where no further round is worth its time. */
export interface GateKeeper {
  /** Both sides of every cell have the same code, nothing else is asked, and that is enough. */
  sameCode(): boolean;
  /** Whether the run may end after this round: its verdict is known, or the time is up. */
  knows(round: number): Promise<boolean>;
}

/** null of a run that is no gate. Keeps how far it came in the run's record. */
export function createGateKeeper(run: Run, folder: RunFolder, sink: RunSink): GateKeeper | null {
  const { gate: asked, rounds: most } = run.plan;
  if (asked === null) return null;
  const beganMs = performance.now();
  const looks = lookSchedule(asked.minPairs, asked.maxPairs);
  const progress: GateProgress = { plannedPairs: asked.maxPairs, looks: [], ended: null };

  /** The last look spends what is left of α: it must be known to be the last. */
  function lastFor(round: number): GateProgress['ended'] {
    if (round >= most) return 'max_pairs';
    if (asked?.budgetS == null) return null;
    const tookS = (performance.now() - beganMs) / 1000;
    const roundS = tookS / round;
    if (round === 1) {
      const fitting = Math.floor(asked.budgetS / roundS);
      progress.plannedPairs = Math.min(asked.maxPairs, Math.max(asked.minPairs, fitting));
    }
    return tookS + roundS > asked.budgetS ? 'budget' : null;
  }

  function save(): void {
    run.gate = progress;
    folder.writeRun(run);
  }

  return {
    sameCode() {
      const same = asked.skipSame && asked.budgets.length === 0 && sameOnBothSides(run.bundles);
      if (same) {
        progress.ended = 'same_code';
        save();
      }
      return same;
    },
    async knows(round) {
      const last = lastFor(round);
      if (!looks.includes(round) && last === null) return false;
      progress.looks.push(round);
      progress.ended = last;
      save();
      if (last !== null) return true;
      sink({ kind: 'step', text: `looking for a verdict after round ${round}` });
      const result = (await analyseFolder(folder, { save: false }))?.gate;
      if (result == null) throw new ToolError('the gate has nothing to judge');
      sink({ kind: 'gate-looked', result });
      if (result.verdict === 'inconclusive') return false;
      progress.ended = 'decided';
      save();
      return true;
    },
  };
}

/** Of every base there is a head with the same digest. */
function sameOnBothSides(bundles: readonly BundleFacts[]): boolean {
  const heads = bundles.filter(({ revision }) => revision === 'head');
  const twinOf = (head: BundleFacts) => bundleKey({ ...head, revision: 'base' });
  const isSame = (head: BundleFacts) =>
    bundles.some((base) => bundleKey(base) === twinOf(head) && base.sha256 === head.sha256);
  return heads.length > 0 && heads.every(isSame);
}
