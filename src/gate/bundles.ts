import { bundleKey, type Revision } from '../model/endpoint.ts';
import type { GatePlan, GateResult } from '../model/gate.ts';
import type { BundleFacts, Cell } from '../model/run.ts';
import type { GateCell } from './sides.ts';

/** The code of a cell's endpoint at a revision; null where the run does not know it. */
function bundleOf(
  { endpoint }: Cell,
  revision: Revision | null,
  bundles: readonly BundleFacts[],
): BundleFacts | null {
  const key = bundleKey({ ...endpoint, revision });
  return bundles.find((one) => bundleKey(one) === key) ?? null;
}

/** Both sides' code of a cell. */
export function bundlesOf({ cell }: GateCell, bundles: readonly BundleFacts[]) {
  const { revision } = cell.endpoint;
  return {
    base: revision === null ? null : bundleOf(cell, 'base', bundles),
    head: bundleOf(cell, revision, bundles),
  };
}

/** The code of both sides of all gating cells, once each. */
export function comparedBundles(
  cells: readonly GateCell[],
  plan: GatePlan,
  bundles: readonly BundleFacts[],
): GateResult['bundles'] {
  const found = new Map<string, GateResult['bundles'][number]>();
  for (const one of cells) {
    const { base, head } = bundlesOf(one, bundles);
    if (head === null) continue;
    const key = bundleKey({ ...one.cell.endpoint, revision: null });
    const stored = plan.baseline?.cells.find(({ cellId }) => cellId === one.cellId);
    found.set(key, {
      key,
      baseBytes: base?.bytes ?? stored?.bundleBytes ?? null,
      headBytes: head.bytes,
      same: base !== null && base.sha256 === head.sha256,
    });
  }
  return [...found.values()];
}

/** Byte for byte; false where one of them is not known. */
export function hasSameCode(cell: GateCell, bundles: readonly BundleFacts[]): boolean {
  const { base, head } = bundlesOf(cell, bundles);
  return base !== null && head !== null && base.sha256 === head.sha256;
}
