import { cacheFolder } from '../../base/cache.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { Baseline, GateSide } from '../../model/gate.ts';
import type { BaseCode } from '../../model/ports.ts';
import type { MeasuredCode } from '../../revisions/open-revisions.ts';
import { commitHere } from '../commit-here.ts';
import type { Gated } from './gated.ts';
import { sideLabels } from './side-labels.ts';

/** Both sides of a gate, with the code of base where it is another revision. */
interface Sides {
  base: GateSide | null;
  head: GateSide;
  code: BaseCode | null;
  /** What may mislead, as sentences. */
  notes: readonly string[];
}

/** Throws UsageError for a revision there is not. */
export async function openSides(
  asked: Gated,
  session: { supervisor: Supervisor; signal: AbortSignal; step(text: string): void },
): Promise<Sides> {
  const { gate, baseline } = asked;
  const { sides } = gate;
  switch (sides.kind) {
    case 'revision': {
      const { openRevisions } = await import('../../revisions/open-revisions.ts');
      return await openRevisions({
        against: sides.against,
        cwd: process.cwd(),
        build: gate.build,
        code: measuredCode(asked),
        cacheFolder: cacheFolder(process.env),
        ...session,
      });
    }
    case 'handlers': {
      const written = [sides.base.written, sides.head.written];
      const [base = '', head = ''] = sideLabels(written, process.cwd());
      const side = (label: string) => ({ label, commit: null, note: null });
      return { base: side(base), head: side(head), code: null, notes: [] };
    }
    case 'baseline': {
      const [label = ''] = sideLabels([sides.path], process.cwd());
      const base = storedSide(label, baseline);
      return { base, head: await workingTree(), code: null, notes: [] };
    }
    case 'budgets':
      return { base: null, head: await workingTree(), code: null, notes: [] };
  }
}

function storedSide(label: string, baseline: Baseline | null): GateSide {
  if (baseline === null) return { label, commit: null, note: null };
  const { runId, createdAt, commit } = baseline;
  return { label, commit, note: `run ${runId}, saved ${createdAt.slice(0, 10)}` };
}

async function workingTree(): Promise<GateSide> {
  return { label: 'working tree', commit: await commitHere(process.cwd()), note: null };
}

/** The user's handlers, or those of the reference API. */
function measuredCode({ options, chosen }: Gated): MeasuredCode[] {
  const { own } = options;
  if (own === null) return [{ path: packageRoot(), named: chosen.named('backend') }];
  return own.handlers.map(({ file, exportName }) => ({
    path: file,
    named: own.named.handler,
    exportName,
  }));
}
