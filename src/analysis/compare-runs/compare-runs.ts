import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import { nameCells } from '../../model/cell-names.ts';
import type { Compared, ComparedRow } from '../../model/compared.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import { benjaminiHochberg } from '../../stats/adjust.ts';
import { type Tested, testChange } from './change.ts';
import { cellConditions, runConditions } from './conditions.ts';
import { COMPARED } from './figures.ts';

/** Of the changes that are shown, at most this share is false on average. */
const FALSE_DISCOVERY_RATE = 0.1;

export interface Side {
  analysis: Analysis;
  /** What each cell's load asked; cells whose plan is not on disk are not in it. */
  loads: ReadonlyMap<string, LoadFacts>;
  /** The one cell to compare; null: all of them. */
  cellId: string | null;
}

type Pair = [old: CellAnalysis, now: CellAnalysis];
type Untested = Omit<ComparedRow, 'change'> & { tested: Tested | null };

/**
 * `now` against `old`: cells of two runs by their ids, or the two that are named. Only what was
 * gathered under the same conditions is compared; what differs is named.
 */
export function compareRuns(old: Side, now: Side): Compared {
  const oneRun = old.analysis.run.runId === now.analysis.run.runId;
  const test = oneRun ? 'paired' : 'between_runs';
  const { pairs, onlyOld, onlyNew } = pairUp(old, now);
  const runs = runConditions(old.analysis.run, now.analysis.run);
  const prices = otherPrices(old.analysis, now.analysis);
  const differences = [...runs.named];
  const notCompared: Compared['notCompared'] = [];
  const compared: { pair: Pair; rows: Untested[] }[] = [];
  for (const pair of pairs) {
    const [a, b] = pair;
    const conditions = cellConditions(loaded(old, a), loaded(now, b));
    const refusing = [...runs.refusing, ...conditions.refusing];
    const cellId = b.cell.id;
    const isVoid = pair.find(({ validity }) => validity.state === 'void');
    if (refusing.length > 0) {
      const reason = 'it was gathered under other conditions';
      notCompared.push({ cellId, reason, differences: refusing });
    } else if (isVoid !== undefined) {
      notCompared.push({ cellId, reason: voidReason(pair), differences: [] });
    } else {
      differences.push(...conditions.named.map((one) => ({ ...one, cellId })));
      const rows = COMPARED.map((figure) =>
        figure.figure === 'cost' && prices !== null
          ? untested(figure, pair, prices)
          : rowOf(figure, pair, test),
      );
      compared.push({ pair, rows });
    }
  }
  const labels = labelsOf(compared.map(({ pair }) => pair));
  const p = compared.flatMap(({ rows }) => rows.flatMap(({ tested }) => tested?.p ?? []));
  const adjusted = benjaminiHochberg(p);
  return {
    version: 1,
    old: sideOf(old),
    new: sideOf(now),
    test,
    method: methodOf(
      oneRun,
      compared.flatMap(({ pair }) => pair),
    ),
    adjustment: {
      method: 'benjamini-hochberg',
      q: FALSE_DISCOVERY_RATE,
      comparisons: p.length,
    },
    differences: merged(differences, compared.length),
    cells: compared.map(({ pair, rows }, i) => ({
      label: labels[i] as string,
      oldCellId: pair[0].cell.id,
      newCellId: pair[1].cell.id,
      rows: rows.map((row) => withAdjusted(row, adjusted)),
      doubts: doubtsOf(pair),
    })),
    notCompared,
    onlyOld,
    onlyNew,
  };
}

function pairUp(old: Side, now: Side): { pairs: Pair[]; onlyOld: string[]; onlyNew: string[] } {
  if (old.cellId !== null && now.cellId !== null) {
    const named = ({ analysis, cellId }: Side) =>
      analysis.cells.filter(({ cell }) => cell.id === cellId);
    const [a, b] = [named(old)[0], named(now)[0]];
    return { pairs: a && b ? [[a, b]] : [], onlyOld: [], onlyNew: [] };
  }
  const idsOf = ({ analysis }: Side) => analysis.cells.map(({ cell }) => cell.id);
  const [before, after] = [idsOf(old), idsOf(now)];
  const pairs = old.analysis.cells.flatMap((a): Pair[] => {
    const b = now.analysis.cells.find(({ cell }) => cell.id === a.cell.id);
    return b === undefined ? [] : [[a, b]];
  });
  return {
    pairs,
    onlyOld: before.filter((id) => !after.includes(id)),
    onlyNew: after.filter((id) => !before.includes(id)),
  };
}

function loaded({ analysis, loads }: Side, { cell }: CellAnalysis) {
  return { run: analysis.run, cell, load: loads.get(cell.id) ?? null };
}

function sideOf({ analysis: { run }, cellId }: Side): Compared['old'] {
  return { runId: run.runId, createdAt: run.createdAt, cellId };
}

/** Why costs are not compared: they may differ by their prices alone. */
function otherPrices({ prices: a }: Analysis, { prices: b }: Analysis): string | null {
  const text = ({ region, asOf }: Analysis['prices']) => `${region} as of ${asOf}`;
  return text(a) === text(b) ? null : `computed with other prices: ${text(a)}, ${text(b)}`;
}

function untested(figure: (typeof COMPARED)[number], [old, now]: Pair, note: string): Untested {
  const wholes = { old: figure.whole(old), new: figure.whole(now) };
  return { figure: figure.figure, ...wholes, tested: null, note };
}

function rowOf(
  figure: (typeof COMPARED)[number],
  [old, now]: Pair,
  test: Compared['test'],
): Untested {
  const result = testChange(figure, old, now, test);
  if ('note' in result) return untested(figure, [old, now], result.note);
  const wholes = { old: figure.whole(old), new: figure.whole(now) };
  return { figure: figure.figure, ...wholes, tested: result.tested };
}

/** Takes the adjusted p-values in the order the tested rows have. */
function withAdjusted({ tested, ...row }: Untested, adjusted: number[]): ComparedRow {
  if (tested === null) return { ...row, change: null };
  const pAdjusted = adjusted.shift() as number;
  const none = tested.kind === 'ratio' ? 1 : 0;
  const leavesOut = tested.low > none || tested.high < none;
  const shown = pAdjusted <= FALSE_DISCOVERY_RATE && leavesOut;
  return { ...row, change: { ...tested, pAdjusted, shown } };
}

function methodOf(oneRun: boolean, cells: readonly CellAnalysis[]): string[] {
  if (cells.length === 0) return [];
  const test = oneRun
    ? 'Paired by round: trial n of both ran in round n, so what slowed the round is in neither; t test of the logarithms of their ratios.'
    : 'Advisory: between two runs, by Welch’s t test on the logarithms over trials. What else changed from run to run (the host, its neighbours, the time of day) is in the difference: where that shifts a run by 3%, a third of unchanged figures show a change with five trials, half of them with ten. To tell a change from that, measure both in one run.';
  return [
    test,
    'Shares of failures by their difference over trials.',
    `A change is shown where its p, adjusted by Benjamini and Hochberg for all comparisons here, is at most ${FALSE_DISCOVERY_RATE} and its 95% interval leaves out no change. That none is shown (~) does not say that there is none.`,
  ];
}

/** What every compared cell differs in alike is said once. */
function merged(differences: Compared['differences'], cells: number): Compared['differences'] {
  const same = (a: Compared['differences'][number]) =>
    differences.filter((b) => b.key === a.key && b.old === a.old && b.new === a.new).length;
  const seen = new Set<string>();
  return differences.flatMap((one) => {
    if (one.cellId === undefined || same(one) < cells) return [one];
    const { key, old, new: now } = one;
    const text = JSON.stringify([key, old, now]);
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ key, old, new: now }];
  });
}

function labelsOf(pairs: readonly Pair[]): string[] {
  const [only] = pairs;
  if (pairs.length === 1 && only !== undefined && only[0].cell.id !== only[1].cell.id) {
    const { labels } = nameCells(only.map(({ cell }) => cell));
    return [labels.join(' → ')];
  }
  return nameCells(pairs.map(([, { cell }]) => cell)).labels;
}

function voidReason([old, now]: Pair): string {
  const of = (side: string, { validity }: CellAnalysis) =>
    validity.state === 'void'
      ? [
          `${side} is void: ${validity.checks
            .filter(({ state }) => state === 'void')
            .map(({ label, shown }) => `${label}: ${shown}`)
            .join('; ')}`,
        ]
      : [];
  return [...of('old', old), ...of('new', now)].join('. ');
}

function doubtsOf([old, now]: Pair): string[] {
  const of = (side: string, { validity }: CellAnalysis) =>
    validity.checks
      .filter(({ state }) => state === 'doubtful')
      .map(({ label, shown }) => `${side}: ${label}: ${shown}`);
  return [...of('old', old), ...of('new', now)];
}
