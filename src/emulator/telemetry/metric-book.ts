import type { GatewayRecord, HttpApiRecord, InvocationRecord, ThrottleRecord } from '../types.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { type Dimensions, LambdaMetrics, type RunningExecutions } from './lambda-metrics.ts';
import type { MetricSeries } from './metrics.ts';

const LAMBDA = 'AWS/Lambda';
const API_GATEWAY = 'AWS/ApiGateway';

export interface MetricName {
  namespace: string;
  metric: string;
  dimensions: Dimensions;
}

/** CloudWatch's metrics of functions, REST APIs and HTTP APIs. */
export class MetricBook {
  readonly #lambda = new LambdaMetrics();
  readonly #gateways = new GatewayMetrics();

  invocation(record: InvocationRecord): void {
    this.#lambda.invocation(record);
  }

  throttle(record: ThrottleRecord): void {
    this.#lambda.throttle(record);
  }

  concurrency(
    functionName: string,
    qualifier: string | null,
    atUs: number,
    running: RunningExecutions,
  ): void {
    this.#lambda.concurrency(functionName, qualifier, atUs, running);
  }

  gateway(record: GatewayRecord): void {
    this.#gateways.gateway(record);
  }

  httpApi(record: HttpApiRecord): void {
    this.#gateways.httpApi(record);
  }

  /** Undefined where no point of it was recorded with exactly these dimensions. */
  find(
    namespace: string,
    metric: string,
    dimensions: ReadonlyMap<string, string>,
  ): MetricSeries | undefined {
    if (namespace === LAMBDA) return this.#lambda.find(metric, dimensions);
    return namespace === API_GATEWAY ? this.#gateways.find(metric, dimensions) : undefined;
  }

  /** Every metric with a point. */
  list(): MetricName[] {
    return [
      ...this.#gateways.list().map((each) => ({ namespace: API_GATEWAY, ...each })),
      ...this.#lambda.list().map((each) => ({ namespace: LAMBDA, ...each })),
    ];
  }
}
