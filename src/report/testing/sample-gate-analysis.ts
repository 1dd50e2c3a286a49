import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import { REVISIONS, type Revision } from '../../model/endpoint.ts';
import type { GateResult } from '../../model/gate.ts';
import { withRevision } from '../../model/sides.ts';
import { sampleAnalysis } from './sample-analysis.ts';
import type { SampleOptions } from './sample-cells.ts';

/**
 * A run whose cells came as base and head, with a verdict on them. Examples of causes that name a cell
 * of the run are given traces it has waterfalls of.
 */
export function gateAnalysis(gate: GateResult, options: SampleOptions = {}): Analysis {
  const isPaired = gate.mode === 'paired';
  const sides = isPaired ? REVISIONS : [null];
  const made = sides.map((revision, i) => {
    const analysis = sampleAnalysis({ memoriesMb: [1024], trials: 5, ...options, seed: 7 + i });
    return { analysis, cells: analysis.cells.map((cell) => ofRevision(cell, revision)) };
  });
  const [first] = made;
  if (first === undefined) throw new Error('no side');
  const isSame = gate.rounds.ended === 'same_code';
  const cells = isSame
    ? []
    : first.cells.flatMap((_, i) => made.flatMap((side) => side.cells[i] ?? []));
  const { run } = first.analysis;
  return {
    ...first.analysis,
    cells,
    memoryScaling: [],
    run: {
      ...run,
      plan: { ...run.plan, cells: cells.map(({ cell }) => cell) },
      bundles: sides.flatMap((revision) => run.bundles.map((bundle) => ({ ...bundle, revision }))),
    },
    gate: { ...gate, causes: gate.causes.map((cause) => withTraces(cause, cells)) },
  };
}

function ofRevision(cell: CellAnalysis, revision: Revision | null): CellAnalysis {
  const { id, endpoint } = cell.cell;
  return {
    ...cell,
    cell: { ...cell.cell, id: withRevision(id, revision), endpoint: { ...endpoint, revision } },
    waterfalls: cell.waterfalls.map((one) => ({
      ...one,
      traceId: `${one.traceId.slice(0, -4)}${revision ?? 'none'}`,
    })),
  };
}

function withTraces(
  cause: GateResult['causes'][number],
  cells: readonly CellAnalysis[],
): GateResult['causes'][number] {
  const example = (side: GateResult['causes'][number]['traces']['base']) => {
    const cell = cells.find((one) => one.cell.id === side?.cellId);
    const waterfall = cell?.waterfalls.find(({ kind }) => kind === 'median');
    if (side === null || waterfall === undefined) return side;
    return { ...side, traceId: waterfall.traceId, totalMs: waterfall.totalMs };
  };
  const { base, head } = cause.traces;
  return { ...cause, traces: { base: example(base), head: example(head) } };
}
