import type { Causes, CellAnalysis, Comparison } from '../../model/analysis.ts';
import { nameCells } from '../../model/cell-names.ts';
import type { MemoryScaling } from '../../model/memory-scaling.ts';
import type { Slo } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import { burstSentences } from './burst.ts';
import { clientSideSentence } from './client-side.ts';
import { coldSentence, forcedSentences } from './cold.ts';
import { factorSentences } from './factors.ts';
import { bestOf, caveat, latencySentence } from './latency.ts';
import { memorySentences } from './memory.ts';
import { type Named, sharedQuantile } from './named.ts';
import { objectiveSentence } from './objective.ts';
import { ofHead } from './of-head.ts';
import { medianSentence, tailOf } from './tail.ts';
import { voidSentence } from './validity.ts';

/** What is read in ten seconds. */
const SENTENCES_AT_MOST = 5;

interface Candidate {
  text: string | null;
  /** Of too many, those with the greatest numbers are left out. */
  rank: number;
}

/**
 * The answer as sentences, each whole by itself. Cells whose figures are void are only named as such.
 * A difference is stated where intervals over several trials do not overlap; else the sentence says
 * what it lacks. Forced cold starts and bursts answer another question than a load that holds, so they
 * have sentences of their own. Of a gate's run they speak of head alone: the verdict comes before them
 * and says how it stands against base.
 */
export function headline(
  cells: readonly CellAnalysis[],
  comparisons: readonly Comparison[] = [],
  causes: readonly Causes[] = [],
  memoryScaling: readonly MemoryScaling[] = [],
  slo: Slo | null = null,
): string[] {
  const names = nameCells(
    cells.map(({ cell }) => cell),
    ['memoryMb'],
  ).labels;
  const named = cells.map((cell, index) => ({ name: names[index] as string, cell }));
  const isGate = cells.some(({ cell }) => cell.endpoint.revision === 'base');
  const usable = named.filter(
    ({ cell }) => cell.validity.state !== 'void' && cell.cell.endpoint.revision !== 'base',
  );
  const voids = voidSentence(
    named.filter(({ cell }) => cell.validity.state === 'void'),
    named.length,
  );
  if (named.length === 0) return ['Nothing was measured.'];
  if (usable.length === 0) {
    const whose = isGate ? 'head' : 'this run';
    return [`No figure of ${whose} can be relied on.`, ...(voids === null ? [] : [voids])];
  }
  const of = (kind: LoadProfile['kind']) =>
    usable.filter(({ cell }) => cell.cell.profile.kind === kind);
  const forced = of('cold');
  const loads = usable.filter((one) => !forced.includes(one));
  const spoken = loads.length > 0 ? bestOf(loads) : forced[0];
  const memory = memorySentences(spoken, memoryScaling);
  const factors = factorSentences(
    usable,
    ofHead(comparisons, cells).filter(
      ({ factor }) => factor !== 'memoryMb' || memory.finding === null,
    ),
    causes,
  );
  return mostTelling([
    ...(forced.length > 0 ? forcedSentences(forced) : []).map(ranked(0)),
    ...burstSentences(of('burst')).map(ranked(0)),
    { text: loads.length > 0 ? latencySentence(loads) : null, rank: 0 },
    { text: clientSideSentence(usable), rank: 1 },
    { text: caveat(usable), rank: 2 },
    { text: memory.objective ?? objectiveSentence(usable, slo), rank: 3 },
    // Of forced cold starts their own sentences say what memory does.
    { text: loads.length > 0 ? memory.finding : null, rank: 3 },
    ...factors.map((text, index) => ({ text, rank: index === 0 ? 4 : 7 })),
    { text: coldSentence(loads), rank: 6 },
    {
      text: spoken === undefined || isTailKnown(spoken, loads) ? null : medianSentence(spoken),
      rank: 8,
    },
    { text: voids, rank: 1 },
  ]);
}

const ranked = (rank: number) => (text: string) => ({ text, rank });

/** What makes the tail is said elsewhere, or is another question. */
function isTailKnown({ cell }: Named, among: readonly Named[]): boolean {
  const quantile = sharedQuantile(among);
  return (
    cell.cell.profile.kind === 'cold' || (quantile !== undefined && tailOf(cell, quantile) !== null)
  );
}

/** The sentences of the lowest ranks, in the order they are read. */
function mostTelling(candidates: readonly Candidate[]): string[] {
  const there = candidates.flatMap(({ text, rank }, index) =>
    text === null ? [] : [{ text, rank, index }],
  );
  return there
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, SENTENCES_AT_MOST)
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text);
}
