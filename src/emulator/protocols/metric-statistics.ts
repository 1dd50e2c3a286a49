import { z } from 'zod';
import type { MetricSeries } from '../telemetry/metrics.ts';
import type { Backing } from './backing.ts';
import { Instant } from './instant.ts';
import {
  dimensionMap,
  dimensions,
  instantS,
  isPeriod,
  metricName,
  namespace,
  period,
} from './metric-input.ts';
import { validated } from './validation.ts';
import { ServiceError } from './wire.ts';

const MOST_POINTS = 1440;

const schema = z.object({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: dimensions.nullish(),
  StartTime: instantS,
  EndTime: instantS,
  Period: period,
  Statistics: z
    .array(z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']))
    .max(5)
    .nullish(),
  ExtendedStatistics: z.array(z.string()).max(10).nullish(),
  Unit: z.string().nullish(),
});
type Input = z.infer<typeof schema>;

/** GetMetricStatistics: percentiles of metrics in milliseconds only, as their points are kept. */
export function getMetricStatistics(backing: Backing, body: unknown): Record<string, unknown> {
  const input = validated(schema, body, 'InvalidParameterValueException');
  check(input);
  const { Namespace, MetricName, Dimensions, Unit } = input;
  const metric = backing.metrics.find(Namespace, MetricName, dimensionMap(Dimensions));
  const wanted = typeof Unit === 'string' && Unit !== metric?.unit ? undefined : metric;
  return { Label: MetricName, Datapoints: wanted === undefined ? [] : pointsOf(wanted, input) };
}

function check(input: Input): void {
  const { StartTime, EndTime, Period } = input;
  const plain = input.Statistics?.length ?? 0;
  const extended = input.ExtendedStatistics?.length ?? 0;
  if (plain === 0 && extended === 0) {
    throw combination(
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    );
  }
  if (plain > 0 && extended > 0) {
    throw combination('The parameters Statistics and ExtendedStatistics cannot both be specified.');
  }
  if (StartTime >= EndTime) {
    throw combination('The parameter StartTime must be less than the parameter EndTime.');
  }
  if (!isPeriod(Period)) {
    throw invalid(
      `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${Period}`,
    );
  }
  const points = Math.ceil((EndTime - StartTime) / Period);
  if (points > MOST_POINTS) {
    throw combination(
      `You have requested up to ${points} datapoints, which exceeds the limit of ${MOST_POINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
}

interface Point extends Record<string, unknown> {
  ExtendedStatistics?: Record<string, number>;
}

function pointsOf(metric: MetricSeries, input: Input): Point[] {
  const points = new Map<number, Point>();
  const pointAt = (atS: number): Point => {
    let point = points.get(atS);
    if (point === undefined) {
      point = { Timestamp: new Instant(atS), Unit: metric.unit };
      points.set(atS, point);
    }
    return point;
  };
  for (const statistic of input.Statistics ?? []) {
    for (const { atS, value } of valuesOf(metric, statistic, input)) {
      pointAt(atS)[statistic] = value;
    }
  }
  for (const statistic of input.ExtendedStatistics ?? []) {
    for (const { atS, value } of valuesOf(metric, statistic, input)) {
      const point = pointAt(atS);
      point.ExtendedStatistics = { ...point.ExtendedStatistics, [statistic]: value };
    }
  }
  return [...points.values()];
}

function valuesOf(metric: MetricSeries, statistic: string, input: Input) {
  const values = metric.statistic(statistic, input.StartTime, input.EndTime, input.Period);
  if (values !== null) return values;
  throw invalid(
    `The value ${statistic.slice(0, 100)} for parameter ExtendedStatistics is not supported.`,
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterValueException', message);
}

function combination(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterCombinationException', message);
}
