import type { GatewayRecord, InvocationRecord } from '../types.ts';
import { apiNameOf } from './documents.ts';
import { MetricSeries } from './metrics.ts';

interface LambdaSeries {
  Invocations: MetricSeries;
  Errors: MetricSeries;
  Throttles: MetricSeries;
  Duration: MetricSeries;
  ConcurrentExecutions: MetricSeries;
}

interface GatewaySeries {
  Count: MetricSeries;
  '4XXError': MetricSeries;
  '5XXError': MetricSeries;
  Latency: MetricSeries;
  IntegrationLatency: MetricSeries;
}

/** CloudWatch's metrics of functions (by name) and of REST APIs (by name and stage). */
export class MetricBook {
  readonly #functions = new Map<string, LambdaSeries>();
  readonly #gateways = new Map<string, GatewaySeries>();

  invocation(record: InvocationRecord): void {
    const series = this.#function(record.functionName);
    series.Invocations.add(record.receivedUs, 1);
    series.Errors.add(record.receivedUs, record.status === 'success' ? 0 : 1);
    series.Duration.add(record.receivedUs, record.durationUs / 1000);
    // Lambda has a point for every request, also where nothing was throttled.
    series.Throttles.add(record.receivedUs, 0);
  }

  throttle(functionName: string, atUs: number): void {
    this.#function(functionName).Throttles.add(atUs, 1);
  }

  /** @param executions that were running, this one included. */
  concurrency(functionName: string, atUs: number, executions: number): void {
    this.#function(functionName).ConcurrentExecutions.add(atUs, executions);
  }

  gateway(record: GatewayRecord): void {
    const series = this.#gateway(apiNameOf(record.functionName), record.stage);
    const at = record.startedUs;
    series.Count.add(at, 1);
    series['4XXError'].add(at, record.status >= 400 && record.status < 500 ? 1 : 0);
    series['5XXError'].add(at, record.status >= 500 ? 1 : 0);
    // Whole milliseconds, as API Gateway has them.
    series.Latency.add(at, Math.round((record.endedUs - record.startedUs) / 1000));
    series.IntegrationLatency.add(
      at,
      Math.round((record.integrationEndedUs - record.integrationStartedUs) / 1000),
    );
  }

  find(
    namespace: string,
    metric: string,
    dimensions: ReadonlyMap<string, string>,
  ): MetricSeries | undefined {
    const named = (series: LambdaSeries | GatewaySeries | undefined): MetricSeries | undefined =>
      series !== undefined && Object.hasOwn(series, metric)
        ? (series as unknown as Record<string, MetricSeries>)[metric]
        : undefined;
    if (namespace === 'AWS/Lambda' && dimensions.size === 1) {
      return named(this.#functions.get(dimensions.get('FunctionName') ?? ''));
    }
    if (namespace === 'AWS/ApiGateway' && dimensions.size === 2) {
      const key = `${dimensions.get('ApiName')}/${dimensions.get('Stage')}`;
      return named(this.#gateways.get(key));
    }
    return undefined;
  }

  #function(name: string): LambdaSeries {
    let series = this.#functions.get(name);
    if (series === undefined) {
      series = {
        Invocations: new MetricSeries('Count', false),
        Errors: new MetricSeries('Count', false),
        Throttles: new MetricSeries('Count', false),
        Duration: new MetricSeries('Milliseconds', true),
        ConcurrentExecutions: new MetricSeries('Count', false),
      };
      this.#functions.set(name, series);
    }
    return series;
  }

  #gateway(apiName: string, stage: string): GatewaySeries {
    const key = `${apiName}/${stage}`;
    let series = this.#gateways.get(key);
    if (series === undefined) {
      series = {
        Count: new MetricSeries('Count', false),
        '4XXError': new MetricSeries('Count', false),
        '5XXError': new MetricSeries('Count', false),
        Latency: new MetricSeries('Milliseconds', true),
        IntegrationLatency: new MetricSeries('Milliseconds', true),
      };
      this.#gateways.set(key, series);
    }
    return series;
  }
}
