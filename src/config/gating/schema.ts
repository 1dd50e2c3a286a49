import { z } from 'zod';
import { GATE_METRICS, type GateMetric, METRIC_UNIT } from '../../model/gate.ts';
import { type GateFlagKey, gateFlagOf } from './table.ts';

/** What bench.config.ts may say below `gate`: shapes only, values are checked in settings.ts. */

const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const number = (expected: string) => z.number({ error: expected });

function described<T extends z.ZodType>(key: GateFlagKey, schema: T): T {
  const { help, default: fixed, shownDefault } = gateFlagOf(key);
  const usual = fixed ?? shownDefault;
  return schema.describe(usual === undefined ? help : `${help} (default: ${usual})`) as T;
}

const percentage = text("a percentage such as '5%'");
const limit = text("a limit with its unit, such as '120ms'");
const calls = number('a number of calls');

/** Every metric, each with the value `expectedOf` gives; all may be left out. */
function byMetric<V extends z.ZodType>(expectedOf: (metric: GateMetric) => V, expected: string) {
  const shape = Object.fromEntries(GATE_METRICS.map((metric) => [metric, expectedOf(metric)]));
  return z.strictObject(shape as Record<GateMetric, V>, { error: expected }).partial();
}

const PATTERNS = 'a pattern of cell ids or a list of them';
const tolerances = byMetric(
  () => percentage,
  "tolerances by metric, such as { p50: '5%', init: '5%' }",
);
const budget = byMetric(
  (metric) => (METRIC_UNIT[metric] === 'count' ? calls : limit),
  "limits by metric, such as { p99: '120ms', errorRate: '1%' }",
);

export const gateConfigSchema = z
  .strictObject(
    {
      metrics: described('metrics', tolerances),
      cells: z
        .union(
          [text(PATTERNS), z.array(text(PATTERNS)).min(1, { error: 'at least one pattern' })],
          {
            error: PATTERNS,
          },
        )
        .describe('the cells that gate, by their ids, * for any letters (default: all)'),
      alpha: described('alpha', number('a number such as 0.05')),
      minPairs: described('minPairs', number('a number')),
      maxPairs: described('maxPairs', number('a number')),
      budget: described('budget', text("a duration such as '8m'")),
      inconclusive: described(
        'inconclusive',
        z.enum(['pass', 'fail'], { error: "'pass' or 'fail'" }),
      ),
      build: described('build', text('a command')),
      skipSame: described('skipSame', z.boolean({ error: 'true or false' })),
      initProbes: described('initProbes', number('a number')),
      budgets: z
        .record(z.string(), budget, { error: 'an object of patterns of cell ids and limits' })
        .describe(
          'limits of head by pattern of cell ids; of several that match a cell, the later one of a metric counts',
        ),
    },
    { error: "an object of a gate's settings" },
  )
  .partial();

export type GateConfigInput = z.input<typeof gateConfigSchema>;

/** The keys there are at a place below `gate`, for messages. */
export function gateKeysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path[0] === 'metrics' || path[0] === 'budgets') return GATE_METRICS;
  return Object.keys(gateConfigSchema.shape);
}
