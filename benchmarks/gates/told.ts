import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { GATE_METRICS, VERDICTS } from '../../src/model/gate.ts';

/** Against `base`: the same, 15% more CPU a request, 60 ms more CPU at load. */
export const KINDS = ['same', 'slow', 'init'] as const;
export type Kind = (typeof KINDS)[number];

/** What is kept of a real gate: a line of JSON. */
const toldSchema = z.object({
  kind: z.enum(KINDS),
  seed: z.int(),
  endedAt: z.string(),
  roundsPerMs: z.number(),
  verdict: z.enum(VERDICTS),
  exitCode: z.int(),
  /** Why no more rounds were run. */
  ended: z.string(),
  /** Rounds that were run, and the trials that do not count. */
  pairs: z.int(),
  void: z.array(z.object({ round: z.int(), side: z.enum(['base', 'head']), reason: z.string() })),
  /** From the first trial to the last; and of the whole command. */
  tookS: z.number(),
  commandS: z.number(),
  rows: z.array(
    z.object({
      metric: z.enum(GATE_METRICS),
      verdict: z.enum(VERDICTS),
      reason: z.string(),
      values: z.array(z.tuple([z.int(), z.number().nullable(), z.number()])),
    }),
  ),
  /** What a fail is put down to, as sentences. */
  causes: z.array(z.string()),
  /** Mean latency of the answered requests of hold, in ms, and their number in the smaller trial. */
  means: z.array(
    z.object({ round: z.int(), baseMs: z.number(), headMs: z.number(), requests: z.int() }),
  ),
});
export type Told = z.infer<typeof toldSchema>;

/** Of the gates so far; none where there is no file. */
export function readTold(file: string): Told[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => toldSchema.parse(JSON.parse(line)));
}

export function keepTold(file: string, told: Told): void {
  appendFileSync(file, `${JSON.stringify(told)}\n`);
}

/** A pair is void where either side is. */
export function voidPairs(told: Told): number {
  return new Set(told.void.map(({ round }) => round)).size;
}
