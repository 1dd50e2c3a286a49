import type { Chosen } from './choose.ts';
import { SETTINGS } from './table.ts';
import { distinct } from './values.ts';

type Parse<T> = (text: string, named: string) => T;
type TextWithDefault =
  | 'target'
  | 'timeout'
  | 'requestTimeout'
  | 'maxVus'
  | 'seed'
  | 'collectDeadline'
  | 'maxCost'
  | 'maxRequests'
  | 'maxTime'
  | 'traceSample'
  | 'expires'
  | 'architecture';
type ListWithDefault =
  | 'backend'
  | 'memory'
  | 'front'
  | 'responseStreaming'
  | 'provisionedConcurrency'
  | 'reservedConcurrency';

/** A setting's value, or that of its default. Throws UsageError as `parse` does. */
export function parsed<T>(chosen: Chosen, key: TextWithDefault, parse: Parse<T>): T {
  return parse(chosen.raw(key) ?? SETTINGS[key].default, chosen.named(key));
}

/** A list as it was written, or its default alone. Throws UsageError for what stands there twice. */
export function listOf(chosen: Chosen, key: ListWithDefault): string[] {
  return distinct(chosen.raw(key) ?? [SETTINGS[key].default], chosen.named(key));
}

/** The same, each parsed; also two texts of one value stand there twice. */
export function parsedList<T>(
  chosen: Chosen,
  key: ListWithDefault | 'batching',
  parse: Parse<T>,
): T[] {
  const raw = key === 'batching' ? (chosen.raw(key) ?? []) : listOf(chosen, key);
  const named = chosen.named(key);
  return distinct(
    raw.map((text) => parse(text, named)),
    named,
  );
}
