import { join } from 'node:path';
import { cloudWatchClient, isLoopback } from '../../aws/clients.ts';
import { pause } from '../../aws/waiting.ts';
import { messageOf } from '../../base/errors.ts';
import type { Collector } from '../../model/ports.ts';
import { RAW_FILES, type RawMetric } from '../../model/raw.ts';
import { type Job, WarningCounts } from '../shared/job.ts';
import { createRawFile } from '../shared/raw-file.ts';
import { parseResults } from './envelope.ts';
import { metricsOf } from './metrics.ts';

const PERIOD_S = 60;

export interface CloudWatchSettings {
  /** Between two reads. @default 15_000, on this machine 200 */
  pollMs?: number;
}

/**
 * Reads the metrics of the function and of its front over the trial's minutes, until CloudWatch
 * counts at least the invocations that are expected, or the deadline.
 */
export function createCloudWatchCollector(settings: CloudWatchSettings = {}): Collector {
  return { name: 'cloudwatch', collect: (job) => collect(job, settings) };
}

export const cloudwatchCollector: Collector = createCloudWatchCollector();

type CloudWatchClient = Awaited<ReturnType<typeof cloudWatchClient>>;

async function collect(job: Job, settings: CloudWatchSettings): ReturnType<Collector['collect']> {
  const pollMs = settings.pollMs ?? (isLoopback(job.endpoint.aws) ? 200 : 15_000);
  const startedAt = performance.now();
  const warnings = new WarningCounts();
  const client = await cloudWatchClient(job.endpoint.aws, 2);
  const file = createRawFile(join(job.rawFolder, RAW_FILES.metrics));
  try {
    let series: RawMetric[] = [];
    let complete = false;
    for (;;) {
      series = (await read(client, job, warnings)) ?? series;
      complete = invocationsOf(series) >= job.expectedReports;
      const leftMs = job.deadlineMs - (performance.now() - startedAt);
      if (complete || leftMs <= pollMs) break;
      await pause(pollMs, job.signal);
      job.signal.throwIfAborted();
    }
    await file.write(JSON.stringify(series));
    await file.finish();
    const expected = metricsOf(job.endpoint).length;
    const found = series.filter(({ values }) => values.length > 0).length;
    if (!complete) {
      warnings.add(
        'metrics-incomplete',
        'note',
        `CloudWatch counts ${invocationsOf(series)} invocations, ${job.expectedReports} were expected`,
      );
    }
    return {
      collection: {
        collector: 'cloudwatch',
        expected,
        found,
        ended: complete ? 'complete' : 'deadline',
        tookMs: performance.now() - startedAt,
      },
      warnings: warnings.list(),
    };
  } finally {
    client.destroy();
    await file.discard();
  }
}

/** One read of all series; null where the call failed. */
async function read(
  client: CloudWatchClient,
  job: Job,
  warnings: WarningCounts,
): Promise<RawMetric[] | null> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const wanted = metricsOf(job.endpoint);
  const series = wanted.map(
    (metric): RawMetric => ({
      ...metric,
      periodS: PERIOD_S,
      timestamps: [],
      values: [],
    }),
  );
  const startMs = Math.floor(job.window.startedUs / 60e6) * 60_000;
  const endMs = Math.ceil(job.window.endedUs / 60e6) * 60_000;
  let token: string | undefined;
  try {
    do {
      job.signal.throwIfAborted();
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(startMs),
          EndTime: new Date(endMs),
          ScanBy: 'TimestampAscending',
          MetricDataQueries: wanted.map((metric, i) => ({
            Id: `m${i}`,
            MetricStat: {
              Metric: {
                Namespace: metric.namespace,
                MetricName: metric.metric,
                Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({
                  Name,
                  Value,
                })),
              },
              Period: PERIOD_S,
              Stat: metric.statistic,
            },
          })),
          NextToken: token,
        }),
        { abortSignal: job.signal },
      );
      const results = parseResults(answer, (problem) =>
        warnings.add(
          'cloudwatch-damaged',
          'doubtful',
          `an answer of CloudWatch could not be read: ${problem}`,
        ),
      );
      for (const { id, timestamps, values } of results) {
        const into = series[Number(id.slice(1))];
        into?.timestamps.push(...timestamps);
        into?.values.push(...values);
      }
      token = answer.NextToken;
    } while (token !== undefined);
  } catch (error) {
    job.signal.throwIfAborted();
    warnings.add('cloudwatch-call-failed', 'note', `GetMetricData failed: ${messageOf(error)}`);
    return null;
  }
  return series;
}

function invocationsOf(series: readonly RawMetric[]): number {
  const invocations = series.find(({ metric }) => metric === 'Invocations');
  return invocations?.values.reduce((total, value) => total + value, 0) ?? 0;
}
