import { seededRandom } from '../../base/random.ts';
import type { Cell } from '../../model/run.ts';
import type { SampleRequest } from './sample-request.ts';

export const OPERATIONS = [
  { name: 'userById', weight: 0.5, calls: 1 },
  { name: 'tweetsOfUser', weight: 0.35, calls: 2 },
  { name: 'timelineWithAuthors', weight: 0.15, calls: 4 },
] as const;
/** Calls of one request: without batching a list asks for each of its members. */
export function callsOf({ endpoint }: Cell, operation: (typeof OPERATIONS)[number]): number {
  if (operation.name !== 'timelineWithAuthors') return operation.calls;
  if (endpoint.batching) return 2;
  return endpoint.backend === 'dynamo' ? operation.calls : 11;
}

export function callsIn(cell: Cell, { operation }: SampleRequest): number {
  const found = OPERATIONS.find(({ name }) => name === operation);
  return found === undefined ? 0 : callsOf(cell, found);
}

/** Milliseconds of one call: a scan without an index, all rows without a limit, a join over both. */
export function callMs({ endpoint }: Cell): number {
  const base = { dynamo: 4.2, postgres: 2.4, rest: 9 }[endpoint.backend] ?? 5;
  const rows = Number(endpoint.dataset.replace('x', ''));
  const variant = endpoint.variant ?? 'index-limit';
  const has = (feature: string) =>
    variant === 'as-published'
      ? feature === 'join'
      : variant === 'indexed'
        ? feature !== 'join'
        : variant.includes(feature);
  const read = has('limit') ? 1 : rows;
  const scan = has('index') ? 0 : 0.3 * rows;
  return base + scan + 0.25 * (read - 1) + (has('join') ? 0.5 + 0.05 * read : 0);
}

/** What slows a round slows all of its cells. */
export function driftOf(trial: number): number {
  return Math.exp((seededRandom(trial * 7919)() - 0.5) * 0.2);
}
