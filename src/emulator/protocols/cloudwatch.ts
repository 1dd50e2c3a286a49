import type { Backing } from './backing.ts';
import { listMetrics } from './list-metrics.ts';
import { getMetricData } from './metric-data.ts';
import { getMetricStatistics } from './metric-statistics.ts';
import { unknownOperation } from './wire.ts';

type Operation = (backing: Backing, body: unknown) => Record<string, unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
};

/** CloudWatch, whatever protocol the body came in. */
export function cloudWatch(backing: Backing, name: string, body: unknown): Record<string, unknown> {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw unknownOperation();
  return operation(backing, body);
}
