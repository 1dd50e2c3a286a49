import type { CellAnalysis } from '../../model/analysis.ts';
import { describeProfile, levelText } from '../../model/cell-names.ts';
import {
  type Endpoint,
  FACTORS,
  type Factor,
  levelOf,
  OF_SOME_BACKENDS,
  REVISIONS,
} from '../../model/endpoint.ts';

/** Cells that differ in one factor only. */
export interface Panel {
  label: string;
  members: { level: string; cell: CellAnalysis }[];
}

interface Held {
  levels: Map<Factor, string | null>;
  /** Runtime, timeout and load: held too, though no factors. */
  rest: string;
}

/** The panels of a factor with two levels or more; cells of a backend without it are in none. */
export function panelsOf(cells: readonly CellAnalysis[], factor: Factor): Panel[] {
  const placed = cells.flatMap((cell) => {
    const level = levelOf(cell.cell.endpoint, factor);
    return level === null ? [] : [{ cell, level, held: heldOf(cell, factor) }];
  });
  const keys = distinct(placed.map(({ held }) => held)).filter(
    (key, _, all) => !all.some((other) => other !== key && fits(key, other, factor)),
  );
  const order = levelsOf(cells, factor);
  return keys.flatMap((key) => {
    const members = placed
      .filter(({ held }) => fits(held, key, factor))
      .map(({ cell, level }) => ({ cell, level }))
      .sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
    if (new Set(members.map(({ level }) => level)).size < 2) return [];
    return [
      {
        label: labelOf(
          key,
          members.map(({ cell }) => cell),
          cells,
        ),
        members,
      },
    ];
  });
}

/** Levels in the order they are shown: sizes ascending, batching off and base first, others as planned. */
export function levelsOf(cells: readonly CellAnalysis[], factor: Factor): string[] {
  const found = new Set(cells.map(({ cell }) => levelOf(cell.endpoint, factor)));
  const levels = [...found].filter((level) => level !== null);
  const size = (level: string) => Number(level.replace(/^x/, ''));
  if (factor === 'batching') return levels.sort();
  if (factor === 'revision') return REVISIONS.filter((level) => levels.includes(level));
  if (levels.some((level) => Number.isNaN(size(level)))) return levels;
  return levels.sort((a, b) => size(a) - size(b));
}

function heldOf({ cell }: CellAnalysis, factor: Factor): Held {
  const others = FACTORS.filter((other) => other !== factor);
  return {
    levels: new Map(others.map((other) => [other, levelOf(cell.endpoint, other)])),
    rest: restOf(cell.endpoint, describeProfile(cell.profile)),
  };
}

const restOf = ({ runtime, timeoutS }: Endpoint, load: string) => `${runtime} ${timeoutS} ${load}`;

function distinct(all: readonly Held[]): Held[] {
  const text = ({ levels, rest }: Held) => JSON.stringify([...levels.values(), rest]);
  return [...new Map(all.map((held) => [text(held), held])).values()];
}

/** Whether what `held` holds is the same in the panel of `key`, as far as it has the factors. */
function fits(held: Held, key: Held, factor: Factor): boolean {
  if (held.rest !== key.rest) return false;
  return [...held.levels].every(([other, level]) => {
    const lacks = level === null && factor === 'backend' && OF_SOME_BACKENDS.includes(other);
    return lacks || level === key.levels.get(other);
  });
}

/** What is held, of all that varies in the run. */
function labelOf(
  { levels }: Held,
  members: readonly CellAnalysis[],
  cells: readonly CellAnalysis[],
): string {
  const parts = [...levels].flatMap(([other, level]) => {
    const varies = levelsOf(cells, other).length > 1;
    return level !== null && varies ? [levelText(other, level)] : [];
  });
  const loads = new Set(cells.map(({ cell }) => describeProfile(cell.profile)));
  const own = members[0];
  if (loads.size > 1 && own !== undefined) parts.push(describeProfile(own.cell.profile));
  return parts.join(' · ');
}
