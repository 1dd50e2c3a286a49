import { dateToTag } from '@smithy/core/cbor';
import { z } from 'zod';
import type { Backing } from './backing.ts';
import { type Protocol, ServiceError, unknownOperation } from './wire.ts';

const MOST_POINTS = 100_800;
const MOST_QUERIES = 500;

/** Epoch seconds in JSON; in CBOR tag 1, which the codec may give as a Date. */
const instantS = z.union([
  z.number(),
  z.date().transform((date) => date.getTime() / 1000),
  z.object({ tag: z.literal(1), value: z.number() }).transform(({ value }) => value),
]);

const query = z.object({
  Id: z.string().regex(/^[a-z][a-zA-Z0-9_]*$/),
  MetricStat: z
    .object({
      Metric: z.object({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
      }),
      Period: z.int().positive(),
      Stat: z.string(),
      Unit: z.string().nullish(),
    })
    .nullish(),
  Expression: z.string().nullish(),
  Label: z.string().nullish(),
  ReturnData: z.boolean().nullish(),
});

const getMetricData = z.object({
  MetricDataQueries: z.array(query).min(1).max(MOST_QUERIES),
  StartTime: instantS,
  EndTime: instantS,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).nullish(),
  MaxDatapoints: z.int().positive().max(MOST_POINTS).nullish(),
  NextToken: z.string().nullish(),
});
type Input = z.infer<typeof getMetricData>;

/** CloudWatch: GetMetricData, without expressions. */
export async function cloudWatch(
  backing: Backing,
  operation: string,
  body: unknown,
  protocol: Protocol,
): Promise<Record<string, unknown>> {
  if (operation !== 'GetMetricData') throw unknownOperation();
  const input = getMetricData.safeParse(body);
  if (!input.success) {
    throw new ServiceError(400, 'ValidationError', z.prettifyError(input.error));
  }
  if (input.data.StartTime >= input.data.EndTime) {
    throw new ServiceError(
      400,
      'ValidationError',
      'The parameter StartTime must be less than the parameter EndTime.',
    );
  }
  return metricData(backing, input.data, protocol);
}

interface Series {
  id: string;
  label: string;
  points: { atS: number; value: number }[];
}

/**
 * Pages run through the series one after another; each page holds MaxDatapoints points at most, and a
 * series that goes on is marked PartialData.
 */
function metricData(backing: Backing, input: Input, protocol: Protocol): Record<string, unknown> {
  const all = input.MetricDataQueries.filter((each) => each.ReturnData !== false).map((each) =>
    seriesOf(backing, each, input),
  );
  let skip = tokenPosition(input.NextToken ?? null);
  const start = skip;
  let room = input.MaxDatapoints ?? MOST_POINTS;
  const results: Record<string, unknown>[] = [];
  let more = false;
  for (const { id, label, points } of all) {
    const seen = Math.min(skip, points.length);
    skip -= seen;
    if (start > 0 && seen === points.length) continue;
    const part = points.slice(seen, seen + room);
    room -= part.length;
    const complete = seen + part.length === points.length;
    more ||= !complete;
    results.push({
      Id: id,
      Label: label,
      Timestamps: part.map(({ atS }) =>
        protocol === 'cbor' ? dateToTag(new Date(atS * 1000)) : atS,
      ),
      Values: part.map(({ value }) => value),
      StatusCode: complete ? 'Complete' : 'PartialData',
    });
  }
  const given = results.reduce((total, { Values }) => total + (Values as number[]).length, 0);
  return {
    MetricDataResults: results,
    Messages: [],
    ...(more ? { NextToken: Buffer.from(String(start + given)).toString('base64url') } : {}),
  };
}

function seriesOf(backing: Backing, each: z.infer<typeof query>, input: Input): Series {
  const stat = each.MetricStat;
  if (stat === undefined || stat === null) {
    throw new ServiceError(
      400,
      'ValidationError',
      `MetricDataQueries: ${each.Id} has no MetricStat; expressions are not supported here`,
    );
  }
  const { Namespace, MetricName, Dimensions } = stat.Metric;
  if (![1, 5, 10, 20, 30].includes(stat.Period) && stat.Period % 60 !== 0) {
    throw new ServiceError(
      400,
      'ValidationError',
      `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${stat.Period}`,
    );
  }
  const dimensions = new Map((Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  const metric = backing.metrics.find(Namespace, MetricName, dimensions);
  const wanted = typeof stat.Unit === 'string' && stat.Unit !== metric?.unit ? undefined : metric;
  const points =
    wanted === undefined
      ? []
      : wanted.statistic(stat.Stat, input.StartTime, input.EndTime, stat.Period);
  if (points === null) {
    throw new ServiceError(
      400,
      'ValidationError',
      `The statistic ${stat.Stat} is not known for ${MetricName}`,
    );
  }
  if (input.ScanBy !== 'TimestampAscending') points.reverse();
  return { id: each.Id, label: each.Label ?? MetricName, points };
}

function tokenPosition(token: string | null): number {
  if (token === null) return 0;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^\d{1,12}$/.test(text)) {
    throw new ServiceError(400, 'InvalidNextToken', 'The NextToken is not valid.');
  }
  return Number(text);
}
