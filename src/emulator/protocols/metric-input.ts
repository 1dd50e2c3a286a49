import { z } from 'zod';

/** Epoch seconds in JSON; in CBOR tag 1, which the codec may give as a Date. */
export const instantS = z.union([
  z.number(),
  z.date().transform((date) => date.getTime() / 1000),
  z.object({ tag: z.literal(1), value: z.number() }).transform(({ value }) => value),
]);

export const dimensions = z
  .array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30);

export const namespace = z.string().min(1).max(255);
export const metricName = z.string().min(1).max(255);

/** A year and more: no window of a run, and enough to keep the arithmetic of periods whole. */
export const period = z.int().positive().max(100_000_000);

export function dimensionMap(
  given: z.infer<typeof dimensions> | null | undefined,
): Map<string, string> {
  return new Map((given ?? []).map(({ Name, Value }) => [Name, Value]));
}

/** Periods CloudWatch has: high resolution, or whole minutes. */
export function isPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0;
}
