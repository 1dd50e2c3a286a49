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
const REST_API: readonly [metric: string, statistic: string, unit: string][] = [
  ['Count', 'Sum', 'Count'],
  ['4XXError', 'Sum', 'Count'],
  ['5XXError', 'Sum', 'Count'],
  ['Latency', 'Average', 'Milliseconds'],
  ['Latency', 'Maximum', 'Milliseconds'],
  ['IntegrationLatency', 'Average', 'Milliseconds'],
  ['IntegrationLatency', 'Maximum', 'Milliseconds'],
];

/** What is asked for of an endpoint: its function, and its front where that has metrics. */
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
    ...named('AWS/Lambda', { FunctionName: endpoint.functionName }, LAMBDA),
    ...(endpoint.frontDimensions === null
      ? []
      : named('AWS/ApiGateway', endpoint.frontDimensions, REST_API)),
  ];
}
