import { z } from 'zod';
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
import { positionOf, tokenOf } from './pages.ts';
import { validated } from './validation.ts';
import { ServiceError } from './wire.ts';

const MOST_POINTS = 100_800;
const MOST_QUERIES = 500;

const query = z.object({
  Id: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9_]*$/)
    .max(255),
  MetricStat: z
    .object({
      Metric: z.object({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: dimensions.nullish(),
      }),
      Period: period,
      Stat: z.string(),
      Unit: z.string().nullish(),
    })
    .nullish(),
  Expression: z.string().nullish(),
  Label: z.string().nullish(),
  ReturnData: z.boolean().nullish(),
});

const schema = z.object({
  MetricDataQueries: z.array(query).min(1).max(MOST_QUERIES),
  StartTime: instantS,
  EndTime: instantS,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).nullish(),
  MaxDatapoints: z.int().positive().max(MOST_POINTS).nullish(),
  NextToken: z.string().nullish(),
});
type Input = z.infer<typeof schema>;

interface Series {
  id: string;
  label: string;
  points: { atS: number; value: number }[];
}

/**
 * GetMetricData, without expressions. Pages run through the series one after another; each page holds
 * MaxDatapoints points at most, and a series that goes on is marked PartialData.
 */
export function getMetricData(backing: Backing, body: unknown): Record<string, unknown> {
  const input = validated(schema, body, 'ValidationError');
  if (input.StartTime >= input.EndTime) {
    throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  }
  const all = input.MetricDataQueries.filter((each) => each.ReturnData !== false).map((each) =>
    seriesOf(backing, each, input),
  );
  const start = input.NextToken ? positionOf(input.NextToken, badToken) : 0;
  let skip = start;
  let room = input.MaxDatapoints ?? MOST_POINTS;
  const results: Record<string, unknown>[] = [];
  let more = false;
  let given = 0;
  for (const { id, label, points } of all) {
    const seen = Math.min(skip, points.length);
    skip -= seen;
    if (start > 0 && seen === points.length) continue;
    const part = points.slice(seen, seen + room);
    room -= part.length;
    given += part.length;
    const complete = seen + part.length === points.length;
    more ||= !complete;
    results.push({
      Id: id,
      Label: label,
      Timestamps: part.map(({ atS }) => new Instant(atS)),
      Values: part.map(({ value }) => value),
      StatusCode: complete ? 'Complete' : 'PartialData',
    });
  }
  return {
    MetricDataResults: results,
    Messages: [],
    ...(more ? { NextToken: tokenOf(start + given) } : {}),
  };
}

function seriesOf(backing: Backing, each: z.infer<typeof query>, input: Input): Series {
  const stat = each.MetricStat;
  if (stat === undefined || stat === null) {
    throw invalid(
      `MetricDataQueries: ${each.Id} has no MetricStat; expressions are not supported here`,
    );
  }
  const { Namespace, MetricName, Dimensions } = stat.Metric;
  if (!isPeriod(stat.Period)) {
    throw invalid(
      `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${stat.Period}`,
    );
  }
  const metric = backing.metrics.find(Namespace, MetricName, dimensionMap(Dimensions));
  const wanted = typeof stat.Unit === 'string' && stat.Unit !== metric?.unit ? undefined : metric;
  const points =
    wanted === undefined
      ? []
      : wanted.statistic(stat.Stat, input.StartTime, input.EndTime, stat.Period);
  if (points === null) {
    throw invalid(`The statistic ${stat.Stat} is not known for ${MetricName}`);
  }
  if (input.ScanBy !== 'TimestampAscending') points.reverse();
  return { id: each.Id, label: each.Label ?? MetricName, points };
}

const badToken = () => new ServiceError(400, 'InvalidNextToken', 'The NextToken is not valid.');

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'ValidationError', message);
}
