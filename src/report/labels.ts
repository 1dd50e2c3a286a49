import type { Cell } from '../model/run.ts';
import type { Part } from '../model/tables.ts';

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

/** `p99.9`. */
export function quantileLabel(quantile: 'p95' | 'p99' | 'p999'): string {
  return quantile === 'p999' ? 'p99.9' : quantile;
}
