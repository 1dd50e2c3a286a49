import { z } from 'zod';

const resultSchema = z.object({
  Id: z.string().regex(/^m\d+$/),
  Timestamps: z.array(z.date()).optional(),
  Values: z.array(z.number()).optional(),
});
const answerSchema = z.object({ MetricDataResults: z.array(z.unknown()).optional() });

export interface MetricResult {
  id: string;
  /** ISO 8601. */
  timestamps: string[];
  values: number[];
}

/** The series of an answer of GetMetricData; one that cannot be read is told and left out. */
export function parseResults(answer: unknown, damaged: (problem: string) => void): MetricResult[] {
  const envelope = answerSchema.safeParse(answer);
  if (!envelope.success) {
    damaged(z.prettifyError(envelope.error));
    return [];
  }
  const results: MetricResult[] = [];
  for (const each of envelope.data.MetricDataResults ?? []) {
    const result = resultSchema.safeParse(each);
    if (!result.success) {
      damaged(z.prettifyError(result.error));
      continue;
    }
    const { Id, Timestamps = [], Values = [] } = result.data;
    if (Timestamps.length !== Values.length) {
      damaged(`${Id} has ${Timestamps.length} timestamps and ${Values.length} values`);
      continue;
    }
    results.push({ id: Id, timestamps: Timestamps.map((at) => at.toISOString()), values: Values });
  }
  return results;
}
