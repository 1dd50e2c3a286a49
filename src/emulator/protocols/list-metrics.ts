import { z } from 'zod';
import type { Backing } from './backing.ts';
import { metricName, namespace } from './metric-input.ts';
import { pageOf } from './pages.ts';
import { validated } from './validation.ts';
import { ServiceError } from './wire.ts';

const PAGE = 500;

const schema = z.object({
  Namespace: namespace.nullish(),
  MetricName: metricName.nullish(),
  Dimensions: z
    .array(z.object({ Name: z.string().min(1), Value: z.string().nullish() }))
    .max(10)
    .nullish(),
  NextToken: z.string().nullish(),
  RecentlyActive: z.enum(['PT3H']).nullish(),
});

/** ListMetrics: a dimension without a value matches any; metrics may have further dimensions. */
export function listMetrics(backing: Backing, body: unknown): Record<string, unknown> {
  const input = validated(schema, body, 'InvalidParameterValueException');
  const found = backing.metrics
    .list()
    .filter(
      ({ namespace: of, metric, dimensions }) =>
        (input.Namespace ?? of) === of &&
        (input.MetricName ?? metric) === metric &&
        (input.Dimensions ?? []).every(
          ({ Name, Value }) =>
            Object.hasOwn(dimensions, Name) && (Value ?? dimensions[Name]) === dimensions[Name],
        ),
    );
  const { items, next } = pageOf(
    found,
    input.NextToken,
    PAGE,
    () => new ServiceError(400, 'InvalidParameterValueException', 'The NextToken is not valid.'),
  );
  return {
    Metrics: items.map(({ namespace: Namespace, metric: MetricName, dimensions }) => ({
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(next === null ? {} : { NextToken: next }),
  };
}
