import type { InvocationRecord, ProvisionedUse, ThrottleRecord } from '../types.ts';
import { MetricSeries } from './metrics.ts';

/** A metric's dimensions with values, as ListMetrics tells them. */
export type Dimensions = Readonly<Record<string, string>>;

/** What ran when an invocation was accepted, itself included. */
export interface RunningExecutions {
  ofFunction: number;
  /** Of those that named the same version or alias, or none. */
  ofResource: number;
  ofAccount: number;
  /** Of functions without a reservation; null: this function has one. */
  unreserved: number | null;
}

/** Of invocations through one name of a function that ran one version. */
interface Leaf {
  resource: string;
  /** Only of invocations through an alias. */
  executedVersion: string | null;
  series: LambdaSeries;
}

type LambdaSeries = Readonly<Record<LambdaMetric, MetricSeries>>;
type LambdaMetric = (typeof METRICS)[number];

const METRICS = [
  'Invocations',
  'Errors',
  'Throttles',
  'Duration',
  'ProvisionedConcurrencyInvocations',
  'ProvisionedConcurrencySpilloverInvocations',
  'ProvisionedConcurrentExecutions',
  'ProvisionedConcurrencyUtilization',
] as const;
const OF_ACCOUNT: readonly string[] = ['Invocations', 'Errors', 'Throttles', 'Duration'];
const UNRESERVED = 'UnreservedConcurrentExecutions';

/**
 * Metrics of functions, with the dimensions AWS has them by: FunctionName (all versions and aliases),
 * FunctionName and Resource (`f`, `f:live`, `f:1`), these and ExecutedVersion (invocations of aliases),
 * and none (the account). Kept by the finest; the others are put together when they are asked for.
 */
export class LambdaMetrics {
  readonly #functions = new Map<string, Map<string, Leaf>>();
  /** Running executions cannot be added up: a series for each set of dimensions, by `keyOf`. */
  readonly #concurrency = new Map<string, { dimensions: Dimensions; series: MetricSeries }>();
  readonly #unreserved = new MetricSeries('Count', false);

  invocation(record: InvocationRecord): void {
    const series = this.#series(record, record.version);
    const at = record.receivedUs;
    series.Invocations.add(at, 1);
    series.Errors.add(at, record.status === 'success' ? 0 : 1);
    series.Duration.add(at, record.durationUs / 1000);
    // Lambda has a point for every request, also where nothing was throttled.
    series.Throttles.add(at, 0);
    if (record.provisioned !== null) addProvisioned(series, at, record.provisioned);
  }

  throttle(record: ThrottleRecord): void {
    // No version ran.
    this.#series(record, null).Throttles.add(record.receivedUs, 1);
  }

  concurrency(
    functionName: string,
    qualifier: string | null,
    atUs: number,
    running: RunningExecutions,
  ): void {
    const FunctionName = functionName;
    const Resource = resourceOf(functionName, qualifier);
    this.#running({ FunctionName }).add(atUs, running.ofFunction);
    this.#running({ FunctionName, Resource }).add(atUs, running.ofResource);
    this.#running({}).add(atUs, running.ofAccount);
    if (running.unreserved !== null) this.#unreserved.add(atUs, running.unreserved);
  }

  find(metric: string, dimensions: ReadonlyMap<string, string>): MetricSeries | undefined {
    if (metric === 'ConcurrentExecutions') {
      return this.#concurrency.get(keyOf(Object.fromEntries(dimensions)))?.series;
    }
    if (dimensions.size === 0 && metric === UNRESERVED) {
      return this.#unreserved.empty ? undefined : this.#unreserved;
    }
    if (!isMetric(metric)) return undefined;
    const leaves = this.#leaves(metric, dimensions);
    return MetricSeries.merged(leaves.map(({ series }) => series[metric]));
  }

  list(): { metric: string; dimensions: Dimensions }[] {
    const found = new Map<string, { metric: string; dimensions: Dimensions }>();
    const add = (metric: string, dimensions: Dimensions): void => {
      found.set(`${metric} ${keyOf(dimensions)}`, { metric, dimensions });
    };
    for (const [FunctionName, leaves] of this.#functions) {
      for (const { resource: Resource, executedVersion, series } of leaves.values()) {
        for (const metric of METRICS) {
          if (series[metric].empty) continue;
          if (OF_ACCOUNT.includes(metric)) add(metric, {});
          add(metric, { FunctionName });
          add(metric, { FunctionName, Resource });
          if (executedVersion === null) continue;
          add(metric, { FunctionName, Resource, ExecutedVersion: executedVersion });
        }
      }
    }
    for (const { dimensions } of this.#concurrency.values()) {
      add('ConcurrentExecutions', dimensions);
    }
    if (!this.#unreserved.empty) add(UNRESERVED, {});
    return [...found.values()];
  }

  #leaves(metric: LambdaMetric, dimensions: ReadonlyMap<string, string>): Leaf[] {
    const name = dimensions.get('FunctionName');
    const resource = dimensions.get('Resource');
    const version = dimensions.get('ExecutedVersion');
    const asked = [name, resource, version].filter((value) => value !== undefined).length;
    if (asked !== dimensions.size) return [];
    if (name === undefined) {
      if (asked > 0 || !OF_ACCOUNT.includes(metric)) return [];
      return [...this.#functions.values()].flatMap((leaves) => [...leaves.values()]);
    }
    // ExecutedVersion alone is no set of dimensions.
    if (resource === undefined && version !== undefined) return [];
    return [...(this.#functions.get(name)?.values() ?? [])].filter(
      (leaf) =>
        (resource === undefined || leaf.resource === resource) &&
        (version === undefined || leaf.executedVersion === version),
    );
  }

  #series(
    { functionName, qualifier }: Pick<ThrottleRecord, 'functionName' | 'qualifier'>,
    version: string | null,
  ): LambdaSeries {
    let leaves = this.#functions.get(functionName);
    if (leaves === undefined) {
      leaves = new Map();
      this.#functions.set(functionName, leaves);
    }
    const executedVersion = isAlias(qualifier) ? version : null;
    const resource = resourceOf(functionName, qualifier);
    const key = `${resource} ${executedVersion ?? ''}`;
    let leaf = leaves.get(key);
    if (leaf === undefined) {
      leaf = { resource, executedVersion, series: newSeries() };
      leaves.set(key, leaf);
    }
    return leaf.series;
  }

  #running(dimensions: Dimensions): MetricSeries {
    const key = keyOf(dimensions);
    let found = this.#concurrency.get(key);
    if (found === undefined) {
      found = { dimensions, series: new MetricSeries('Count', false) };
      this.#concurrency.set(key, found);
    }
    return found.series;
  }
}

function newSeries(): LambdaSeries {
  const series = METRICS.map((metric) => [
    metric,
    metric === 'Duration'
      ? new MetricSeries('Milliseconds', true)
      : new MetricSeries('Count', false),
  ]);
  return Object.fromEntries(series) as LambdaSeries;
}

function addProvisioned(series: LambdaSeries, atUs: number, use: ProvisionedUse): void {
  series.ProvisionedConcurrencyInvocations.add(atUs, use.spillover ? 0 : 1);
  series.ProvisionedConcurrencySpilloverInvocations.add(atUs, use.spillover ? 1 : 0);
  series.ProvisionedConcurrentExecutions.add(atUs, use.busy);
  series.ProvisionedConcurrencyUtilization.add(atUs, use.busy / use.allocated);
}

function resourceOf(functionName: string, qualifier: string | null): string {
  return qualifier === null ? functionName : `${functionName}:${qualifier}`;
}

function isAlias(qualifier: string | null): boolean {
  return qualifier !== null && qualifier !== '$LATEST' && !/^\d+$/.test(qualifier);
}

function isMetric(name: string): name is LambdaMetric {
  return (METRICS as readonly string[]).includes(name);
}

function keyOf(dimensions: Dimensions): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ');
}
