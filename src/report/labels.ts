import { formatDurationS } from '../base/duration.ts';
import { threeDigits } from '../base/numbers.ts';
import type { Cell } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { Part } from '../model/tables.ts';

/** The factors of cells: those that vary make labels, the others the line that says what was measured. */
export interface CellNames {
  /** By the order of the cells; unique. */
  labels: string[];
  /** Factors all cells share: `dynamo`, `rest-api`, `20/s for 50 s`. */
  shared: string[];
  /** The factors that vary, with their levels: `memory`, `1024 MB, 2048 MB`. */
  varied: { name: string; levels: string[] }[];
}

const FACTORS: Record<string, (cell: Cell) => string> = {
  backend: (cell) => cell.endpoint.backend,
  memory: (cell) => `${cell.endpoint.memoryMb} MB`,
  front: (cell) => cell.endpoint.front,
  server: (cell) => cell.endpoint.server,
  dataset: (cell) => `dataset ${cell.endpoint.dataset}`,
  runtime: (cell) => cell.endpoint.runtime,
  timeout: (cell) => `timeout ${cell.endpoint.timeoutS} s`,
  load: (cell) => describeProfile(cell.profile),
};

export function nameCells(cells: readonly Cell[]): CellNames {
  const varied: CellNames['varied'] = [];
  const shared: string[] = [];
  for (const [name, describe] of Object.entries(FACTORS)) {
    const values = new Set(cells.map(describe));
    if (values.size > 1) varied.push({ name, levels: [...values] });
    else if (name !== 'timeout') shared.push(...values);
  }
  const shown = varied.length > 0 ? varied.map(({ name }) => name) : ['backend', 'memory'];
  const labels = cells.map((cell) => shown.map((name) => FACTORS[name]?.(cell) ?? '').join(' · '));
  const unique = new Set(labels).size === labels.length;
  return { labels: unique ? labels : cells.map((cell) => cell.id), shared, varied };
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
  }
}

/** What each part of a latency is, for people. */
export const PART_NAMES: Record<Part, { label: string; is: string }> = {
  client: { label: 'client', is: 'connecting, TLS, sending and receiving in the load generator' },
  network: { label: 'network', is: 'waiting beyond the gateway’s segment' },
  front: {
    label: 'front',
    is: 'gateway before and after the service (with the network where the front leaves no segment)',
  },
  placement: { label: 'placement', is: 'finding or starting an environment' },
  init: { label: 'init', is: 'initialisation this request waited for' },
  handler: { label: 'handler', is: 'the function’s own time, without its backend calls' },
  backend: { label: 'backend', is: 'calls to the data store, overlaps counted once' },
  overhead: { label: 'overhead', is: 'the runtime after the answer' },
  unexplained: { label: 'unexplained', is: 'service time no span accounts for' },
};

/** A part as a cell's figures mean it: only a REST API leaves a segment that tells front from network. */
export function partLabel(part: Part, cells: readonly Cell[]): string {
  const merged = cells.filter((cell) => cell.endpoint.front !== 'rest-api').length;
  if (part !== 'front' || merged === 0) return PART_NAMES[part].label;
  return merged === cells.length
    ? 'front and network'
    : 'front (with network where it leaves no segment)';
}

const BANDS: Record<string, { label: string; short: string; range?: string }> = {
  median: { label: 'At the median', short: 'median', range: 'p45–p55' },
  p90_p95: { label: 'p90 to p95', short: 'p90–p95' },
  p95_p99: { label: 'p95 to p99', short: 'p95–p99' },
  above_p99: { label: 'Above p99', short: '> p99' },
  above_p999: { label: 'Above p99.9', short: '> p99.9' },
  all: { label: 'All requests', short: 'all' },
};

/** A band for people; `range` only where the label does not say it already. */
export function bandName(band: string): { label: string; short: string; range?: string } {
  return BANDS[band] ?? { label: band, short: band };
}
