import type { Front } from '../../model/endpoint.ts';
import type { ProvisionedEndpoint } from '../../model/ports.ts';
import type { RawMetric } from '../../model/raw.ts';

export type WantedMetric = Omit<RawMetric, 'periodS' | 'timestamps' | 'values'>;

/** Percentiles come from requests, traces and REPORT lines: CloudWatch gives what those cannot. */
const LAMBDA: readonly [metric: string, statistic: string, unit: string][] = [
  ['Invocations', 'Sum', 'Count'],
  ['Errors', 'Sum', 'Count'],
  ['Throttles', 'Sum', 'Count'],
  ['Duration', 'Average', 'Milliseconds'],
  ['Duration', 'Maximum', 'Milliseconds'],
  ['ConcurrentExecutions', 'Maximum', 'Count'],
];
/** Of REST and HTTP APIs, which name the errors differently. */
const gateway = (clientErrors: string, serverErrors: string): typeof LAMBDA => [
  ['Count', 'Sum', 'Count'],
  [clientErrors, 'Sum', 'Count'],
  [serverErrors, 'Sum', 'Count'],
  ['Latency', 'Average', 'Milliseconds'],
  ['Latency', 'Maximum', 'Milliseconds'],
  ['IntegrationLatency', 'Average', 'Milliseconds'],
  ['IntegrationLatency', 'Maximum', 'Milliseconds'],
];
const FRONTS: Readonly<Record<Front, typeof LAMBDA>> = {
  'rest-api': gateway('4XXError', '5XXError'),
  'http-api': gateway('4xx', '5xx'),
  'function-url': [],
  invoke: [],
  appsync: [],
  other: [],
};

/**
 * What is asked for of an endpoint: its function where it is known (of all its versions together:
 * invocations of an alias count under the function's name, too), and its front where that has metrics.
 */
export function metricsOf(endpoint: ProvisionedEndpoint): WantedMetric[] {
  const named = (
    namespace: string,
    dimensions: Record<string, string>,
    metrics: typeof LAMBDA,
  ): WantedMetric[] =>
    metrics.map(([metric, statistic, unit]) => ({
      namespace,
      metric,
      dimensions,
      statistic,
      unit,
    }));
  return [
    ...(endpoint.functionName === null
      ? []
      : named('AWS/Lambda', { FunctionName: endpoint.functionName }, LAMBDA)),
    ...(endpoint.frontDimensions === null
      ? []
      : named('AWS/ApiGateway', endpoint.frontDimensions, FRONTS[endpoint.front])),
  ];
}
