import { UsageError } from '../../base/errors.ts';
import { GATE_METRICS, type GateMetric, type GatePlan } from '../../model/gate.ts';
import { type Flags, pairs } from '../settings/from-flags.ts';
import { oneOf, positiveS, split, whole } from '../settings/values.ts';
import type { GateConfigInput } from './schema.ts';
import { GATE_FLAGS, gateFlagName } from './table.ts';
import { alpha, limit, MOST_PAIRS, tolerance } from './values.ts';

/** A configuration's `gate`; `name` is how messages call the file. */
export interface GateConfig {
  name: string;
  gate: GateConfigInput;
}

/** What flags and a configuration may both say of a gate, checked. */
export interface GateSettings {
  metrics: GatePlan['metrics'];
  /** What messages call the setting they are from. */
  metricsNamed: string;
  /** Patterns of cell ids. */
  cells: { patterns: readonly string[]; named: string };
  budgets: readonly { pattern: string; metric: GateMetric; limit: number; named: string }[];
  alpha: number;
  minPairs: number;
  maxPairs: number;
  budgetS: number | null;
  /** null: undecided has an exit code of its own. */
  inconclusive: 'pass' | 'fail' | null;
  /** Command that makes a checkout ready. */
  build: string | null;
  skipSame: boolean;
  /** null: as many as there is time for. */
  initProbes: number | null;
}

type Key = Exclude<keyof GateConfigInput, 'cells' | 'budgets'>;

/** A t test of fewer pairs has next to no power, and nothing says how the pairs are spread. */
const LEAST_PAIRS = 3;
const MOST_INIT_PROBES = 100;

/**
 * Flags over configuration over defaults, every value checked by itself and against the others.
 * Throws UsageError naming the flag, or the file and the field.
 */
export function gateSettings(flags: Flags, config: GateConfig | null): GateSettings {
  const said = <K extends Key>(key: K): { value: unknown; named: string } => {
    if (flags[key] !== undefined) return { value: flags[key], named: gateFlagName(key) };
    const value = config?.gate[key];
    const named = value === undefined ? gateFlagName(key) : fieldOf(config, key);
    return { value, named };
  };
  const parsed = <T>(key: Key, usual: T, parse: (text: string, named: string) => T): T => {
    const { value, named } = said(key);
    return value === undefined ? usual : parse(String(value), named);
  };
  const count = (least: number, most: number) => (text: string, named: string) =>
    whole(text, named, least, most, '');
  const pairsSaid = (key: 'minPairs' | 'maxPairs') =>
    parsed<number | null>(key, null, count(LEAST_PAIRS, MOST_PAIRS));
  const [least, most] = [pairsSaid('minPairs'), pairsSaid('maxPairs')];
  // One that is not said gives way to the other.
  const minPairs = least ?? Math.min(Number(GATE_FLAGS.minPairs.default), most ?? MOST_PAIRS);
  const maxPairs = most ?? Math.max(Number(GATE_FLAGS.maxPairs.default), minPairs);
  if (maxPairs < minPairs) {
    throw new UsageError(
      `${said('maxPairs').named}: ${maxPairs} pairs are fewer than the ${minPairs} of ${said('minPairs').named}`,
    );
  }
  return {
    metrics: metricsOf(said('metrics')),
    metricsNamed: said('metrics').named,
    cells: { patterns: [config?.gate.cells ?? '*'].flat(), named: fieldOf(config, 'cells') },
    budgets: budgetsOf(config),
    alpha: parsed('alpha', Number(GATE_FLAGS.alpha.default), alpha),
    minPairs,
    maxPairs,
    budgetS: parsed<number | null>('budget', null, positiveS),
    inconclusive: parsed<GateSettings['inconclusive']>('inconclusive', null, (text, named) =>
      oneOf(text, named, ['pass', 'fail'] as const),
    ),
    build: parsed<string | null>('build', null, (text) => text),
    skipSame: said('skipSame').value === true,
    initProbes: parsed<number | null>('initProbes', null, count(0, MOST_INIT_PROBES)),
  };
}

/**
 * With the guard: faster failures must not hide behind better latencies, so that more failures than
 * base has fail a gate that says nothing of them.
 */
function metricsOf({ value, named }: { value: unknown; named: string }): GatePlan['metrics'] {
  const usual = GATE_FLAGS.metrics.default;
  const asked =
    typeof value === 'object' && value !== null
      ? (value as Record<string, string>)
      : pairs(split(String(value ?? usual), named), named, '=', `write ${usual}`);
  // Of a flag both stand in one field, of a configuration each has its own.
  const fieldFor = typeof value === 'object' ? `${named}.` : `${named} `;
  const metrics = Object.entries(asked).map(([name, text]) => {
    const metric = oneOf(name, named, GATE_METRICS);
    return { metric, tolerance: tolerance(text, `${fieldFor}${metric}`), guard: false };
  });
  if (metrics.length === 0) throw new UsageError(`${named}: it names no metric; write ${usual}`);
  if (metrics.some(({ metric }) => metric === 'errorRate')) return metrics;
  return [...metrics, { metric: 'errorRate', tolerance: 0, guard: true }];
}

function budgetsOf(config: GateConfig | null): GateSettings['budgets'] {
  return Object.entries(config?.gate.budgets ?? {}).flatMap(([pattern, limits]) =>
    Object.entries(limits).flatMap(([name, value]) => {
      const metric = name as GateMetric;
      const named = fieldOf(config, `budgets['${pattern}'].${name}`);
      return value === undefined
        ? []
        : [{ pattern, metric, limit: limit(String(value), metric, named), named }];
    }),
  );
}

function fieldOf(config: GateConfig | null, key: string): string {
  return `${config?.name ?? 'bench.config'}: gate.${key}`;
}
