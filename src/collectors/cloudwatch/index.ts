import { join } from 'node:path';
import { callFailureText } from '../../aws/call-failure.ts';
import { cloudWatchClient, isLoopback } from '../../aws/clients.ts';
import { pause } from '../../aws/waiting.ts';
import type { AwsAccess, Collector } from '../../model/ports.ts';
import { RAW_FILES, type RawMetric } from '../../model/raw.ts';
import { createRawFile } from '../../store/raw-file.ts';
import { type Collected, hopelessCall, type Job, notAsked, WarningCounts } from '../shared/job.ts';
import { parseResults } from './envelope.ts';
import { metricsOf, type WantedMetric } from './metrics.ts';

const PERIOD_S = 60;

export interface CloudWatchSettings {
  /** Between two reads. @default 15_000, on this machine 200 */
  pollMs?: number;
  /** Metrics come minutes late: for so long they are waited for. @default 180_000 */
  waitMs?: number;
}

/**
 * Reads the metrics of the function and of its front over the trial's minutes, until CloudWatch
 * counts at least the invocations that are expected, or the deadline.
 */
export function createCloudWatchCollector(settings: CloudWatchSettings = {}): Collector {
  return {
    name: 'cloudwatch',
    collect: async (job) => {
      const { aws } = job.endpoint;
      const wanted = metricsOf(job.endpoint);
      if (aws === null || wanted.length === 0) {
        const why = aws === null ? 'nothing of AWS' : 'neither function nor front';
        return notAsked('cloudwatch', 0, `metrics: ${why} is known of this endpoint`);
      }
      return collect(job, aws, wanted, settings);
    },
  };
}

export const cloudwatchCollector: Collector = createCloudWatchCollector();

type CloudWatchClient = Awaited<ReturnType<typeof cloudWatchClient>>;

async function collect(
  job: Job,
  access: AwsAccess,
  wanted: readonly WantedMetric[],
  settings: CloudWatchSettings,
): Promise<Collected> {
  const pollMs = settings.pollMs ?? (isLoopback(access) ? 200 : 15_000);
  const waitMs = Math.min(job.deadlineMs, settings.waitMs ?? 180_000);
  const startedAt = performance.now();
  const warnings = new WarningCounts();
  const client = await cloudWatchClient(access, 2);
  const file = createRawFile(join(job.rawFolder, RAW_FILES.metrics));
  try {
    let series: RawMetric[] = [];
    let complete = false;
    let stopped: string | null = null;
    for (;;) {
      const read = await readSeries(client, job, wanted, warnings);
      if (typeof read === 'string') stopped = read;
      else series = read ?? series;
      complete = stopped === null && countedBy(series) >= job.expectedReports;
      const leftMs = waitMs - (performance.now() - startedAt);
      if (complete || stopped !== null || leftMs <= pollMs) break;
      await pause(pollMs, job.signal);
      job.signal.throwIfAborted();
    }
    await file.write(JSON.stringify(series));
    await file.finish();
    const found = series.filter(({ values }) => values.length > 0).length;
    if (stopped !== null) warnings.add('metrics-incomplete', 'note', `metrics: ${stopped}`);
    else if (!complete) {
      warnings.add(
        'metrics-incomplete',
        'note',
        `CloudWatch counts ${countedBy(series)} invocations, ${job.expectedReports} were expected; "bench collect" reads what comes later`,
      );
    }
    return {
      collection: {
        collector: 'cloudwatch',
        expected: wanted.length,
        found,
        ended: complete ? 'complete' : stopped !== null && found === 0 ? 'unavailable' : 'deadline',
        tookMs: performance.now() - startedAt,
        ...(stopped === null ? {} : { message: stopped }),
      },
      warnings: warnings.list(),
    };
  } finally {
    client.destroy();
    await file.discard();
  }
}

/** One read of all series; null where the call failed; text: why no other can succeed. */
async function readSeries(
  client: CloudWatchClient,
  job: Job,
  wanted: readonly WantedMetric[],
  warnings: WarningCounts,
): Promise<RawMetric[] | string | null> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
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
      token = answer.NextToken || undefined;
    } while (token !== undefined);
  } catch (error) {
    job.signal.throwIfAborted();
    const hopeless = hopelessCall(error, 'CloudWatch', 'cloudwatch:GetMetricData');
    if (hopeless !== null) return hopeless;
    const reason = callFailureText(error);
    warnings.add('cloudwatch-call-failed', 'note', `GetMetricData failed: ${reason}`);
    return null;
  }
  return series;
}

/** Invocations, or requests where only the front is known: as many as REPORT lines are expected. */
function countedBy(series: readonly RawMetric[]): number {
  const counted =
    series.find(({ metric }) => metric === 'Invocations') ??
    series.find(({ metric }) => metric === 'Count');
  return counted?.values.reduce((total, value) => total + value, 0) ?? 0;
}
