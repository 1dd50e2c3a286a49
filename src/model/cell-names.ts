import { formatDurationS } from '../base/duration.ts';
import { threeDigits } from '../base/numbers.ts';
import { FACTORS, type Factor, levelOf } from './endpoint.ts';
import type { Cell } from './run.ts';
import type { LoadProfile } from './scenario.ts';

/** The factors of cells: those that vary make labels, the others the line that says what was measured. */
export interface CellNames {
  /** By the order of the cells; unique: `postgres indexed · pg · batched · 1024 MB · x100`. */
  labels: string[];
  /** Factors all cells share: `dynamo`, `rest-api`, `20/s for 50 s`. */
  shared: string[];
  /** The factors that vary, with their levels: `memory`, `1024 MB, 2048 MB`. */
  varied: { name: string; levels: string[] }[];
}

export const FACTOR_NAMES: Record<Factor, string> = {
  backend: 'backend',
  variant: 'variant',
  dataLayer: 'data layer',
  server: 'server',
  batching: 'batching',
  front: 'front',
  responseStreaming: 'response streaming',
  memoryMb: 'memory',
  dataset: 'dataset',
  provisionedConcurrency: 'provisioned concurrency',
  reservedConcurrency: 'reserved concurrency',
  revision: 'revision',
};

/** A level as names and sentences have it: `1024 MB`, `batched`, `x100`. */
export function levelText(factor: Factor, level: string): string {
  if (factor === 'memoryMb') return `${level} MB`;
  if (factor === 'provisionedConcurrency') {
    return `${level} provisioned`;
  }
  if (factor === 'reservedConcurrency') {
    return level === 'none' ? 'unreserved' : `${level} reserved`;
  }
  if (factor === 'batching') return level === 'on' ? 'batched' : 'unbatched';
  if (factor === 'responseStreaming') return level === 'on' ? 'streamed' : 'buffered';
  return level;
}

/** Levels that need no word where no cell has another. */
const UNSAID: readonly string[] = ['unbatched', 'buffered', '0 provisioned', 'unreserved'];

const timeoutText = ({ endpoint: { timeoutS } }: Cell) =>
  timeoutS === null ? null : `timeout ${timeoutS} s`;

/** What may tell cells apart: the factors, then what is the same in most runs. null: has it not. */
const TELLING: {
  name: string;
  of(cell: Cell): string | null;
  shared(text: string): string | null;
}[] = [
  ...FACTORS.map((factor) => ({
    name: FACTOR_NAMES[factor],
    of: (cell: Cell) => {
      const level = levelOf(cell.endpoint, factor);
      return level === null ? null : levelText(factor, level);
    },
    shared: (text: string) => {
      if (factor === 'dataset') return `dataset ${text}`;
      return UNSAID.includes(text) ? null : text;
    },
  })),
  { name: 'runtime', of: (cell) => cell.endpoint.runtime, shared: (text) => text },
  { name: 'timeout', of: timeoutText, shared: () => null },
  { name: 'load', of: (cell) => describeProfile(cell.profile), shared: (text) => text },
];

/** Of an endpoint that the user deployed they may not be known. */
const OF_KNOWN_FUNCTIONS: readonly string[] = [FACTOR_NAMES.memoryMb, 'runtime', 'timeout'];

/** `alone`: what a cell is named by where nothing varies. */
export function nameCells(
  cells: readonly Cell[],
  alone: readonly Factor[] = ['backend', 'memoryMb'],
): CellNames {
  const varied: CellNames['varied'] = [];
  const shared: string[] = [];
  const telling: typeof TELLING = [];
  for (const factor of TELLING) {
    // A factor that only some backends have does not vary by that: the backend tells those apart.
    const levels = [...new Set(cells.flatMap((cell) => factor.of(cell) ?? []))];
    // What is not known of one endpoint is not said of all.
    if (levels.length === 1 && OF_KNOWN_FUNCTIONS.includes(factor.name)) {
      if (cells.some((cell) => factor.of(cell) === null)) continue;
    }
    if (levels.length > 1) {
      telling.push(factor);
      varied.push({ name: factor.name, levels });
      continue;
    }
    const text = levels[0] ?? null;
    const said = text === null ? null : factor.shared(text);
    if (said !== null) shared.push(said);
  }
  const shown =
    telling.length > 0
      ? telling
      : TELLING.filter(({ name }) => alone.some((factor) => FACTOR_NAMES[factor] === name));
  // The one level it should be named by may not be known.
  const labels = cells.map((cell) => labelOf(cell, shown) || cell.endpoint.backend);
  const unique = new Set(labels).size === labels.length;
  return { labels: unique ? labels : cells.map((cell) => cell.id), shared, varied };
}

/** A variant is of its backend and stands beside it: `postgres indexed · x100`. */
function labelOf(cell: Cell, shown: typeof TELLING): string {
  let label = '';
  for (const { name, of } of shown) {
    const text = of(cell);
    if (text === null) continue;
    const besideBackend = name === FACTOR_NAMES.variant && label === cell.endpoint.backend;
    label += `${label === '' ? '' : besideBackend ? ' ' : ' · '}${text}`;
  }
  return label;
}

/** `ramp to 20/s, held 50 s`. */
export function describeProfile(profile: LoadProfile): string {
  switch (profile.kind) {
    case 'ramp':
      return `ramp to ${threeDigits(profile.ratePerS)}/s, held ${formatDurationS(profile.holdS)}`;
    case 'users':
      return `${profile.users} users over ${formatDurationS(profile.overS)}`;
    case 'closed':
      return `${profile.vus} virtual users, held ${formatDurationS(profile.holdS)}`;
    case 'cold':
      return `${profile.coldStarts} forced cold starts`;
    case 'burst':
      return `burst of ${threeDigits(profile.ratePerS)}/s for ${formatDurationS(profile.holdS)}`;
  }
}
