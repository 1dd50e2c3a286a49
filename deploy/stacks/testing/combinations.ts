import type { FrontName } from '../spec.ts';
import { ALL_FRONTS, MEMORIES, type SampleOptions } from './sample-spec.ts';

/** Every runtime that users may choose is among them. */
const RUNTIMES: Record<FrontName, string> = {
  'rest-api': 'nodejs24.x',
  'http-api': 'nodejs22.x',
  'function-url': 'provided.al2023',
  invoke: 'nodejs22.x',
};

/**
 * Both backends with all fronts in every combination of architecture and alias, once at five sizes;
 * and with each front alone, on one runtime or another. A stack is the sum of what its functions ask
 * for, and sizes differ in a number: more would find nothing more, and cfn-lint is slow.
 */
export const COMBINATIONS: readonly SampleOptions[] = [
  { alias: true, fronts: ALL_FRONTS, memories: MEMORIES },
  { alias: false, fronts: ALL_FRONTS },
  { architecture: 'x86_64' as const, alias: true, fronts: ALL_FRONTS },
  { architecture: 'x86_64' as const, alias: false, fronts: ALL_FRONTS },
  ...ALL_FRONTS.map((front) => ({ fronts: [front], runtime: RUNTIMES[front] })),
].map((options) => ({ ...options, backends: ['dynamo', 'postgres'] }));

/** Of them. */
export const AT_FIVE_SIZES = 0;

/** `arm64, alias, rest-api, 1 size` */
export function nameOf({
  architecture,
  alias,
  fronts = [],
  memories = [0],
}: SampleOptions): string {
  const which = alias ? 'alias' : 'latest';
  return [architecture ?? 'arm64', which, fronts.join('+'), `${memories.length} sizes`].join(', ');
}
