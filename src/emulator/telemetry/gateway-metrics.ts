import type { GatewayRecord, HttpApiRecord } from '../types.ts';
import { apiNameOf } from './documents.ts';
import type { Dimensions } from './lambda-metrics.ts';
import { MetricSeries } from './metrics.ts';

/** REST APIs call the errors `4XXError`, HTTP APIs `4xx`. */
interface GatewaySeries {
  count: MetricSeries;
  clientErrors: MetricSeries;
  serverErrors: MetricSeries;
  latency: MetricSeries;
  integrationLatency: MetricSeries;
}
type Names = Readonly<Record<string, keyof GatewaySeries>>;

const REST_API: Names = {
  Count: 'count',
  '4XXError': 'clientErrors',
  '5XXError': 'serverErrors',
  Latency: 'latency',
  IntegrationLatency: 'integrationLatency',
};
const HTTP_API: Names = {
  Count: 'count',
  '4xx': 'clientErrors',
  '5xx': 'serverErrors',
  Latency: 'latency',
  IntegrationLatency: 'integrationLatency',
};

interface Api {
  dimensions: Dimensions;
  names: Names;
  series: GatewaySeries;
}

/** Metrics of REST APIs (by name and stage) and of HTTP APIs (by id). */
export class GatewayMetrics {
  readonly #apis = new Map<string, Api>();

  gateway(record: GatewayRecord): void {
    const ApiName = apiNameOf(record.functionName);
    const { stage: Stage } = record;
    const key = `${ApiName}/${Stage}`;
    addTimes(this.#series(key, REST_API, { ApiName, Stage }), record);
  }

  httpApi(record: HttpApiRecord): void {
    const { apiId: ApiId } = record;
    addTimes(this.#series(ApiId, HTTP_API, { ApiId }), record);
  }

  find(metric: string, dimensions: ReadonlyMap<string, string>): MetricSeries | undefined {
    const apiId = dimensions.size === 1 ? dimensions.get('ApiId') : undefined;
    const key =
      apiId ??
      (dimensions.size === 2
        ? `${dimensions.get('ApiName')}/${dimensions.get('Stage')}`
        : undefined);
    const api = key === undefined ? undefined : this.#apis.get(key);
    if (api === undefined || !Object.hasOwn(api.names, metric)) return undefined;
    return api.series[api.names[metric] as keyof GatewaySeries];
  }

  list(): { metric: string; dimensions: Dimensions }[] {
    return [...this.#apis.values()].flatMap(({ dimensions, names }) =>
      Object.keys(names).map((metric) => ({ metric, dimensions })),
    );
  }

  #series(key: string, names: Names, dimensions: Dimensions): GatewaySeries {
    let api = this.#apis.get(key);
    if (api === undefined) {
      const series = {
        count: new MetricSeries('Count', false),
        clientErrors: new MetricSeries('Count', false),
        serverErrors: new MetricSeries('Count', false),
        latency: new MetricSeries('Milliseconds', true),
        integrationLatency: new MetricSeries('Milliseconds', true),
      };
      api = { dimensions, names, series };
      this.#apis.set(key, api);
    }
    return api.series;
  }
}

function addTimes(series: GatewaySeries, times: Omit<HttpApiRecord, 'apiId'>): void {
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
