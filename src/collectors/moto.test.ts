import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutTraceSegmentsCommand, XRayClient } from '@aws-sdk/client-xray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Moto, pythonTool, startMoto } from '../../test/python.ts';
import type { Collector } from '../model/ports.ts';
import { RAW_FILES } from '../model/raw.ts';
import { aProvisionedEndpoint } from '../model/testing/a-provisioned-endpoint.ts';
import { createCloudWatchCollector } from './cloudwatch/index.ts';
import { createLogsCollector } from './logs/index.ts';
import { documentsOf } from './testing/xray-server.ts';
import { createXRayCollector } from './xray/index.ts';

/** The collectors against a stand-in for AWS that was not written here: moto's server. */

const there = pythonTool('moto_server') !== null;
if (!there) console.warn('skipped: moto is not there; node scripts/get-python-tools.ts');

describe.skipIf(!there)('moto', () => {
  const COUNT = 12;
  const startedMs = Date.now() - 30_000;
  const second = Math.floor(startedMs / 1000) + 1;
  const ids = Array.from(
    { length: COUNT },
    (_, i) => `1-${second.toString(16)}-${i.toString(16).padStart(24, '0')}`,
  );
  let moto: Moto;
  let rawFolder: string;
  let job: Parameters<Collector['collect']>[0];

  beforeAll(async () => {
    rawFolder = await mkdtemp(join(tmpdir(), 'bench-moto-'));
    moto = await startMoto();
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
    const client = { region: 'us-east-1', endpoint: moto.endpoint, credentials };
    const xray = new XRayClient(client);
    for (const id of ids) {
      await xray.send(
        new PutTraceSegmentsCommand({
          TraceSegmentDocuments: documentsOf(id, false).map(({ Document }) => Document),
        }),
      );
    }
    const logs = new CloudWatchLogsClient(client);
    const group = { logGroupName: '/aws/lambda/f' };
    await logs.send(new CreateLogGroupCommand(group));
    await logs.send(new CreateLogStreamCommand({ ...group, logStreamName: 's' }));
    const event = (i: number, kind: string, id = ids[i]) => ({
      timestamp: startedMs + i * 100,
      message: `${kind} RequestId: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 1024 MB\tMax Memory Used: 90 MB\t\nXRAY TraceId: ${id}\tSegmentId: 0\tSampled: true\t\n`,
    });
    const before = `1-${(second - 3600).toString(16)}-${'0'.repeat(24)}`;
    await logs.send(
      new PutLogEventsCommand({
        ...group,
        logStreamName: 's',
        logEvents: [
          ...ids.flatMap((_, i) => [event(i, 'START'), event(i, 'REPORT')]),
          event(COUNT, 'REPORT', before),
        ],
      }),
    );
    await new CloudWatchClient(client).send(
      new PutMetricDataCommand({
        Namespace: 'AWS/Lambda',
        MetricData: ids.map(() => ({
          MetricName: 'Invocations',
          Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
          Timestamp: new Date(startedMs),
          Value: 1,
        })),
      }),
    );
    job = {
      endpoint: aProvisionedEndpoint({
        front: 'function-url',
        qualifier: 'live',
        aws: client,
      }),
      window: { startedUs: startedMs * 1000, endedUs: (startedMs + 10_000) * 1000 },
      traceIds: ids,
      expectedReports: COUNT,
      rawFolder,
      deadlineMs: 2000,
      signal: new AbortController().signal,
    };
  }, 60_000);
  afterAll(async () => {
    await moto?.stop();
    await rm(rawFolder, { recursive: true, force: true });
  });

  const lines = async (file: string) =>
    gunzipSync(await readFile(join(rawFolder, file)))
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  test('traces that were put are read', async () => {
    const { collection } = await createXRayCollector({ stableReads: 2, pollMs: 20 }).collect(job);
    expect(collection).toMatchObject({ expected: COUNT, found: COUNT, ended: 'complete' });
    const traces = await lines(RAW_FILES.traces);
    expect(traces.map(({ Id }) => Id).sort()).toEqual(ids);
    expect(traces[0].Segments).toHaveLength(3);
  });

  test('REPORT lines that were put are read, those of another trial are not', async () => {
    const { collection } = await createLogsCollector().collect(job);
    expect(collection).toMatchObject({ expected: COUNT, found: COUNT, ended: 'complete' });
    const events = await lines(RAW_FILES.logs);
    expect(events).toHaveLength(COUNT);
    expect(events[0].message).toMatch(/^REPORT RequestId: /);
  });

  test('metrics that were put are read', async () => {
    const { collection } = await createCloudWatchCollector().collect(job);
    expect(collection).toMatchObject({ ended: 'complete' });
    const series = JSON.parse(await readFile(join(rawFolder, RAW_FILES.metrics), 'utf8'));
    const [invocations] = series.filter(
      ({ metric }: { metric: string }) => metric === 'Invocations',
    );
    expect(invocations.values.reduce((sum: number, value: number) => sum + value, 0)).toBe(COUNT);
  });
});
