import type { GatewayRecord, HttpApiRecord, InvocationRecord, ProvisionedUse } from '../types.ts';
import { apiNameOf } from './documents.ts';
import { MetricSeries } from './metrics.ts';

interface LambdaSeries {
  Invocations: MetricSeries;
  Errors: MetricSeries;
  Throttles: MetricSeries;
  Duration: MetricSeries;
  ConcurrentExecutions: MetricSeries;
  ProvisionedConcurrencyInvocations: MetricSeries;
  ProvisionedConcurrencySpilloverInvocations: MetricSeries;
  ProvisionedConcurrentExecutions: MetricSeries;
  ProvisionedConcurrencyUtilization: MetricSeries;
}

/** REST APIs call the errors `4XXError`, HTTP APIs `4xx`. */
interface GatewaySeries {
  count: MetricSeries;
  clientErrors: MetricSeries;
  serverErrors: MetricSeries;
  latency: MetricSeries;
  integrationLatency: MetricSeries;
}

const REST_API: Readonly<Record<string, keyof GatewaySeries>> = {
  Count: 'count',
  '4XXError': 'clientErrors',
  '5XXError': 'serverErrors',
  Latency: 'latency',
  IntegrationLatency: 'integrationLatency',
};
const HTTP_API: Readonly<Record<string, keyof GatewaySeries>> = {
  Count: 'count',
  '4xx': 'clientErrors',
  '5xx': 'serverErrors',
  Latency: 'latency',
  IntegrationLatency: 'integrationLatency',
};

type GatewayTimes = Omit<HttpApiRecord, 'apiId'>;

/**
 * CloudWatch's metrics of functions (by name; those of provisioned concurrency, too, which AWS has by
 * alias and version), of REST APIs (by name and stage) and of HTTP APIs (by
 * id).
 */
export class MetricBook {
  readonly #functions = new Map<string, LambdaSeries>();
  readonly #restApis = new Map<string, GatewaySeries>();
  readonly #httpApis = new Map<string, GatewaySeries>();

  invocation(record: InvocationRecord): void {
    const series = this.#function(record.functionName);
    series.Invocations.add(record.receivedUs, 1);
    series.Errors.add(record.receivedUs, record.status === 'success' ? 0 : 1);
    series.Duration.add(record.receivedUs, record.durationUs / 1000);
    // Lambda has a point for every request, also where nothing was throttled.
    series.Throttles.add(record.receivedUs, 0);
    if (record.provisioned !== null) addProvisioned(series, record.receivedUs, record.provisioned);
  }

  throttle(functionName: string, atUs: number): void {
    this.#function(functionName).Throttles.add(atUs, 1);
  }

  /** @param executions that were running, this one included. */
  concurrency(functionName: string, atUs: number, executions: number): void {
    this.#function(functionName).ConcurrentExecutions.add(atUs, executions);
  }

  gateway(record: GatewayRecord): void {
    const key = `${apiNameOf(record.functionName)}/${record.stage}`;
    addTimes(seriesOf(this.#restApis, key), record);
  }

  httpApi(record: HttpApiRecord): void {
    addTimes(seriesOf(this.#httpApis, record.apiId), record);
  }

  find(
    namespace: string,
    metric: string,
    dimensions: ReadonlyMap<string, string>,
  ): MetricSeries | undefined {
    if (namespace === 'AWS/Lambda' && dimensions.size === 1) {
      const series = this.#functions.get(dimensions.get('FunctionName') ?? '');
      return series !== undefined && Object.hasOwn(series, metric)
        ? series[metric as keyof LambdaSeries]
        : undefined;
    }
    if (namespace !== 'AWS/ApiGateway') return undefined;
    const apiId = dimensions.size === 1 ? dimensions.get('ApiId') : undefined;
    const name = (apiId === undefined ? REST_API : HTTP_API)[metric];
    if (name === undefined) return undefined;
    if (apiId !== undefined) return this.#httpApis.get(apiId)?.[name];
    if (dimensions.size !== 2) return undefined;
    return this.#restApis.get(`${dimensions.get('ApiName')}/${dimensions.get('Stage')}`)?.[name];
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
        ProvisionedConcurrencyInvocations: new MetricSeries('Count', false),
        ProvisionedConcurrencySpilloverInvocations: new MetricSeries('Count', false),
        ProvisionedConcurrentExecutions: new MetricSeries('Count', false),
        ProvisionedConcurrencyUtilization: new MetricSeries('Count', false),
      };
      this.#functions.set(name, series);
    }
    return series;
  }
}

function addProvisioned(series: LambdaSeries, atUs: number, use: ProvisionedUse): void {
  series.ProvisionedConcurrencyInvocations.add(atUs, use.spillover ? 0 : 1);
  series.ProvisionedConcurrencySpilloverInvocations.add(atUs, use.spillover ? 1 : 0);
  series.ProvisionedConcurrentExecutions.add(atUs, use.busy);
  series.ProvisionedConcurrencyUtilization.add(atUs, use.busy / use.allocated);
}

function seriesOf(all: Map<string, GatewaySeries>, key: string): GatewaySeries {
  let series = all.get(key);
  if (series === undefined) {
    series = {
      count: new MetricSeries('Count', false),
      clientErrors: new MetricSeries('Count', false),
      serverErrors: new MetricSeries('Count', false),
      latency: new MetricSeries('Milliseconds', true),
      integrationLatency: new MetricSeries('Milliseconds', true),
    };
    all.set(key, series);
  }
  return series;
}

function addTimes(series: GatewaySeries, times: GatewayTimes): void {
  const at = times.startedUs;
  series.count.add(at, 1);
  series.clientErrors.add(at, times.status >= 400 && times.status < 500 ? 1 : 0);
  series.serverErrors.add(at, times.status >= 500 ? 1 : 0);
  // Whole milliseconds, as API Gateway has them.
  series.latency.add(at, Math.round((times.endedUs - times.startedUs) / 1000));
  series.integrationLatency.add(
    at,
    Math.round((times.integrationEndedUs - times.integrationStartedUs) / 1000),
  );
}
