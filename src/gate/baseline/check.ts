import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import type { Difference } from '../../model/compared.ts';
import type { Baseline } from '../../model/gate.ts';
import { type AskedConditions, type Conditions, INIT_PROBES } from './conditions.ts';
import { LEAST_TRIALS } from './save.ts';

const ADVICE =
  'gate under its conditions, or measure a baseline under these: "bench run --rounds 10", then "bench baseline save"';

/** Initialisations before each trial of the run it was saved of: a head compared with it takes as many. */
export function initProbesOf({ conditions }: Baseline): number {
  const probes = Number(conditions[INIT_PROBES]);
  return Number.isInteger(probes) && probes > 0 ? probes : 0;
}

export interface BaselineCheck {
  baseline: Baseline;
  /** What messages call it: its path as it was given. */
  label: string;
  head: AskedConditions;
  /** Those that gate, without the revision. */
  cellIds: readonly string[];
}

/**
 * Throws UsageError where a head cannot be compared with it: a cell is missing or has too few trials,
 * or they were not measured under the same conditions.
 */
export function checkBaseline({ baseline, label, head, cellIds }: BaselineCheck): void {
  const has = baseline.cells.map(({ cellId }) => cellId);
  const missing = cellIds.filter((cellId) => !has.includes(cellId));
  if (missing.length > 0) {
    throw new UsageError(
      `${label} has no ${listed(missing)}; it has ${listed(has)}: name one of these, or save a run that has them all`,
    );
  }
  for (const { cellId, trials } of baseline.cells) {
    if (!cellIds.includes(cellId) || trials.length >= LEAST_TRIALS) continue;
    throw new UsageError(
      `${label} has ${trials.length} trials of ${cellId}, ${LEAST_TRIALS} are needed: save one of a run with more rounds`,
    );
  }
  const differences = mismatches(baseline, head, cellIds);
  if (differences.length === 0) return;
  const [first, ...others] = differences.map(
    ({ key, old, new: now, cellId }) =>
      `${cellId === undefined ? '' : `${cellId}: `}${key} is ${old} in ${label} and ${now} here`,
  );
  throw new UsageError([`cannot compare: ${first}`, ...others, ADVICE].join('\n  '));
}

/** What differs between a baseline and a head; `cellId` where it is of some gating cells only. */
export function mismatches(
  baseline: Baseline,
  head: AskedConditions,
  cellIds: readonly string[],
): Difference[] {
  const ofCells = cellIds.flatMap((cellId) => {
    const ofCell = ({ cells }: Pick<AskedConditions, 'cells'>) =>
      cells.find((cell) => cell.cellId === cellId)?.conditions ?? {};
    return differing(ofCell(baseline), ofCell(head)).map((one) => ({ ...one, cellId }));
  });
  const times = Map.groupBy(ofCells, textOf);
  const shared = [...times.values()].flatMap((same) => {
    const { cellId: _, ...all } = same[0] as Difference;
    return same.length === cellIds.length ? [all] : same;
  });
  return [...differing(baseline.conditions, head.conditions), ...shared];
}

function textOf({ key, old, new: now }: Difference): string {
  return JSON.stringify([key, old, now]);
}

/** Settings of another scenario, and queries of operations one side does not have. */
const DETAIL = /^(load: |query of |variables of )/;

function differing(a: Conditions, b: Conditions): Difference[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const all = keys
    .filter((key) => a[key] !== b[key])
    .map((key) => ({ key, old: a[key] ?? 'none', new: b[key] ?? 'none' }));
  // That the scenarios or the operations differ says it.
  const telling = all.filter(({ key }) => !DETAIL.test(key) || (key in a && key in b));
  return telling.length > 0 ? telling : all;
}
