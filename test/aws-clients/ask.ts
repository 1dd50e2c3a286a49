import * as cw from '@aws-sdk/client-cloudwatch';
import * as cwl from '@aws-sdk/client-cloudwatch-logs';
import * as la from '@aws-sdk/client-lambda';
import * as xr from '@aws-sdk/client-xray';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';

/** What both languages' scripts are told; `name` is of a function that is theirs alone. */
export interface Place {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  name: string;
  /** Traces of two requests through a REST API: one that went well, one that failed. */
  roots: readonly string[];
  /** An id for a trace of the script's own. */
  ownTrace: string;
  expressions: readonly string[];
  nowS: number;
  startS: number;
  endS: number;
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

async function refused(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return null;
  } catch (error) {
    const { name, message, $metadata } = error as la.LambdaServiceException;
    return [name.replace(/Exception$/, ''), $metadata.httpStatusCode, message];
  }
}

async function all<P, T>(pages: AsyncIterable<P>, pick: (page: P) => T[] | undefined) {
  const found: T[] = [];
  for await (const page of pages) found.push(...(pick(page) ?? []));
  return found;
}

/** Asks every operation of the emulator with AWS's SDK for JavaScript; ask.py does the same. */
export async function ask(place: Place): Promise<Record<string, unknown>> {
  const { region, endpoint, accessKeyId, secretAccessKey } = place;
  const credentials = { accessKeyId, secretAccessKey };
  const options = { region, endpoint, credentials, maxAttempts: 1 };
  return {
    lambda: await askLambda(new la.LambdaClient(options), place),
    xray: await askXRay(new xr.XRayClient(options), place),
    logs: await askLogs(new cwl.CloudWatchLogsClient(options)),
    cloudwatch: {
      json: await askCloudWatch(new cw.CloudWatchClient(options), place),
      'smithy-rpc-v2-cbor': await askCloudWatch(
        new cw.CloudWatchClient({ ...options, protocol: SmithyRpcV2CborProtocol }),
        place,
      ),
    },
  };
}

async function askLambda(of: la.LambdaClient, { name }: Place) {
  const f = { FunctionName: name };
  const live = { ...f, Name: 'live' };
  const v1 = { ...f, Qualifier: '1' };
  const before = await of.send(new la.GetFunctionConfigurationCommand(f));
  const updated = await of.send(
    new la.UpdateFunctionConfigurationCommand({
      ...f,
      Description: 'd',
      LoggingConfig: { LogFormat: 'JSON' },
    }),
  );
  const publish = async (Description?: string) =>
    (await of.send(new la.PublishVersionCommand({ ...f, Description }))).Version;
  const published = [await publish(), await publish()];
  await of.send(
    new la.UpdateFunctionConfigurationCommand({
      ...f,
      MemorySize: 1024,
      LoggingConfig: { LogFormat: 'Text' },
    }),
  );
  published.push(await publish('second'));
  const created = await of.send(new la.CreateAliasCommand({ ...live, FunctionVersion: '1' }));
  const changed = await of.send(
    new la.UpdateAliasCommand({
      ...live,
      FunctionVersion: '2',
      RoutingConfig: { AdditionalVersionWeights: { 1: 0.25 } },
    }),
  );
  await of.send(new la.UpdateAliasCommand({ ...live, FunctionVersion: '1', RoutingConfig: {} }));
  const listed = await all(
    la.paginateListFunctions({ client: of, pageSize: 2 }, { FunctionVersion: 'ALL' }),
    ({ Functions }) => Functions,
  );
  const versions = await all(
    // The paginator writes into what it is given.
    la.paginateListVersionsByFunction({ client: of, pageSize: 1 }, { ...f }),
    ({ Versions }) => Versions,
  );
  const invoke = (event: unknown = {}, asked: Partial<la.InvokeCommandInput> = {}) =>
    of.send(new la.InvokeCommand({ ...f, ...asked, Payload: json(event) }));
  const streamed = async (event: unknown) => {
    const { EventStream = [] } = await of.send(
      new la.InvokeWithResponseStreamCommand({
        FunctionName: 'stream',
        Payload: json(event),
        LogType: 'Tail',
      }),
    );
    let said = '';
    let complete: la.InvokeWithResponseStreamCompleteEvent = {};
    for await (const each of EventStream as AsyncIterable<la.InvokeWithResponseStreamResponseEvent>) {
      said += text(each.PayloadChunk?.Payload);
      complete = each.InvokeComplete ?? complete;
    }
    const log = Buffer.from(complete.LogResult ?? '', 'base64').toString();
    return [said, complete.ErrorCode ?? null, log.split(' ')[0]];
  };
  const latest = await invoke({ a: 1 }, { LogType: 'Tail' });
  const failed = await invoke({ fail: true });
  await of.send(new la.PutFunctionConcurrencyCommand({ ...f, ReservedConcurrentExecutions: 0 }));
  const reserved = await of.send(new la.GetFunctionConcurrencyCommand(f));
  const throttled = await refused(invoke());
  await of.send(new la.DeleteFunctionConcurrencyCommand(f));
  const put = await of.send(
    new la.PutProvisionedConcurrencyConfigCommand({ ...v1, ProvisionedConcurrentExecutions: 1 }),
  );
  const configs = await of.send(new la.ListProvisionedConcurrencyConfigsCommand(f));
  const deleted = await of.send(new la.DeleteProvisionedConcurrencyConfigCommand(v1));
  const limits = (await of.send(new la.GetAccountSettingsCommand({}))).AccountLimit;
  const last = (arn: string | undefined) => arn?.split(':').at(-1);
  const tail = Buffer.from(latest.LogResult ?? '', 'base64').toString();
  return {
    before: [before.Version, before.MemorySize, before.State, (before.CodeSize ?? 0) > 0],
    updated: [updated.Description, updated.LoggingConfig?.LogFormat],
    published,
    versions: versions.map((each) => [
      each.Version,
      each.MemorySize,
      each.Description,
      last(each.FunctionArn),
    ]),
    whole: (await of.send(new la.GetFunctionCommand({ ...f, Qualifier: 'live' }))).Configuration
      ?.FunctionArn,
    alias: [
      created.AliasArn,
      changed.RoutingConfig,
      (await of.send(new la.GetAliasCommand(live))).RoutingConfig ?? null,
    ],
    aliases: (
      await of.send(new la.ListAliasesCommand({ ...f, FunctionVersion: '1' }))
    ).Aliases?.map((each) => each.Name),
    listed: listed.filter((each) => each.FunctionName === name).map((each) => each.Version),
    invoked: [
      JSON.parse(text(latest.Payload)),
      latest.ExecutedVersion,
      tail.split(' ')[0],
      (await invoke({}, { Qualifier: '2' })).ExecutedVersion,
      (await invoke({}, { Qualifier: 'live' })).ExecutedVersion,
      (await invoke({}, { FunctionName: created.AliasArn })).ExecutedVersion,
    ],
    failed: [failed.StatusCode, failed.FunctionError, JSON.parse(text(failed.Payload)).errorType],
    accepted: [
      (await invoke({}, { FunctionName: 'web', InvocationType: 'Event' })).StatusCode,
      (await invoke({}, { InvocationType: 'DryRun' })).StatusCode,
    ],
    streamed: [await streamed({}), await streamed({ fail: true })],
    reserved: reserved.ReservedConcurrentExecutions,
    throttled,
    provisioned: [
      put.$metadata.httpStatusCode,
      put.RequestedProvisionedConcurrentExecutions,
      configs.ProvisionedConcurrencyConfigs?.map((each) => last(each.FunctionArn)),
      deleted.$metadata.httpStatusCode,
    ],
    account: [limits?.ConcurrentExecutions, limits?.UnreservedConcurrentExecutions],
    url: (await of.send(new la.GetFunctionUrlConfigCommand({ FunctionName: 'web' }))).InvokeMode,
    refused: [
      await refused(invoke({}, { Qualifier: 'nobody' })),
      await refused(invoke({ a: 'x'.repeat(6 * 1024 * 1024) })),
      await refused(of.send(new la.GetFunctionCommand({ FunctionName: 'nobody' }))),
      await refused(of.send(new la.CreateAliasCommand({ ...live, FunctionVersion: '1' }))),
      await refused(
        of.send(new la.CreateAliasCommand({ ...f, Name: 'other', FunctionVersion: '9' })),
      ),
      await refused(
        of.send(new la.UpdateAliasCommand({ ...live, RevisionId: created.RevisionId })),
      ),
      await refused(of.send(new la.GetAliasCommand({ ...f, Name: 'nobody' }))),
      await refused(of.send(new la.PublishVersionCommand({ ...f, CodeSha256: 'other' }))),
      await refused(of.send(new la.GetProvisionedConcurrencyConfigCommand(v1))),
      await refused(
        of.send(
          new la.PutProvisionedConcurrencyConfigCommand({
            ...f,
            Qualifier: '$LATEST',
            ProvisionedConcurrentExecutions: 1,
          }),
        ),
      ),
      await refused(of.send(new la.ListLayersCommand({}))),
    ],
    gone: (await of.send(new la.DeleteAliasCommand(live))).$metadata.httpStatusCode,
  };
}

async function askXRay(of: xr.XRayClient, place: Place) {
  const good = {
    id: '00000000000000a1',
    trace_id: place.ownTrace,
    name: place.name,
    start_time: place.nowS,
    end_time: place.nowS + 0.5,
    annotations: { tier: 'gold', shard: 3 },
    http: { response: { status: 404 } },
    error: true,
  };
  const old = { ...good, trace_id: '1-00000001-000000000000000000000000' };
  const documents = [...[good, {}, old].map((each) => JSON.stringify(each)), '{'];
  const { UnprocessedTraceSegments: unprocessed } = await of.send(
    new xr.PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }),
  );
  const window = {
    StartTime: new Date(place.startS * 1000),
    EndTime: new Date(place.endS * 1000),
  };
  const summaries = (FilterExpression: string) =>
    all(
      xr.paginateGetTraceSummaries({ client: of }, { ...window, FilterExpression }),
      (page) => page.TraceSummaries,
    );
  const found: Record<string, unknown> = {};
  for (const each of place.expressions) {
    found[each] = (await summaries(each)).map(({ Id }) => Id).sort();
  }
  const [summary] = await summaries('annotation.tier');
  const traces = await all(
    xr.paginateBatchGetTraces({ client: of }, { TraceIds: [...place.roots] }),
    (page) => page.Traces,
  );
  const bad = { ...window, FilterExpression: 'duration >' };
  return {
    unprocessed: unprocessed?.map((each) => each.ErrorCode),
    found,
    summary: [
      summary?.Duration,
      summary?.HasError,
      summary?.Http?.HttpStatus,
      summary?.EntryPoint?.Name,
    ],
    origins: traces.map(({ Segments }) =>
      Segments?.map(({ Document }) => JSON.parse(Document ?? '').origin),
    ),
    destination: (await of.send(new xr.GetTraceSegmentDestinationCommand({}))).Destination,
    refused: [
      await refused(of.send(new xr.GetTraceSummariesCommand(bad))),
      await refused(of.send(new xr.BatchGetTracesCommand({ TraceIds: ['1-x'] }))),
      await refused(of.send(new xr.GetGroupsCommand({}))),
    ],
  };
}

async function askLogs(of: cwl.CloudWatchLogsClient) {
  const group = '/aws/lambda/json';
  const { logGroups } = await of.send(
    new cwl.DescribeLogGroupsCommand({ logGroupNamePrefix: group }),
  );
  const logGroupIdentifier = logGroups?.[0]?.logGroupArn;
  const { logStreams = [] } = await of.send(
    new cwl.DescribeLogStreamsCommand({
      logGroupIdentifier,
      orderBy: 'LastEventTime',
      descending: true,
    }),
  );
  const stream = { logGroupName: group, logStreamName: logStreams[0]?.logStreamName };
  const events = (asked: Partial<cwl.GetLogEventsCommandInput>) =>
    of.send(new cwl.GetLogEventsCommand({ ...stream, ...asked }));
  const said = (page: cwl.GetLogEventsCommandOutput) =>
    (page.events ?? []).map(({ message }) => message);
  const forward: unknown[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page = await events({ limit: 2, startFromHead: true, nextToken });
    forward.push(...said(page));
    if (page.nextForwardToken === nextToken) break;
    nextToken = page.nextForwardToken;
  }
  const last = await events({ limit: 2 });
  const earlier = await events({ limit: 2, nextToken: last.nextBackwardToken });
  const groups = await all(
    cwl.paginateDescribeLogGroups({ client: of, pageSize: 1 }, {}),
    (page) => page.logGroups,
  );
  const filtered = await all(
    cwl.paginateFilterLogEvents({ client: of, pageSize: 1 }, { logGroupIdentifier }),
    (page) => page.events,
  );
  const streams = (asked: cwl.DescribeLogStreamsCommandInput) =>
    of.send(new cwl.DescribeLogStreamsCommand(asked));
  return {
    groups: groups.map(({ logGroupName }) => logGroupName),
    streams: logStreams.length,
    forward,
    backward: [...said(earlier), ...said(last)],
    filtered: filtered.map(({ message }) => message),
    refused: [
      await refused(streams({ logGroupName: 'nobody' })),
      await refused(events({ logStreamName: 'nobody' })),
      await refused(
        streams({ logGroupName: group, logStreamNamePrefix: '2', orderBy: 'LastEventTime' }),
      ),
      await refused(events({ nextToken: 'f/1' })),
    ],
  };
}

async function askCloudWatch(of: cw.CloudWatchClient, { name, startS, endS }: Place) {
  const window = { StartTime: new Date(startS * 1000), EndTime: new Date(endS * 1000) };
  const lambdas = { ...window, Namespace: 'AWS/Lambda', Period: 3600 };
  const dimensions = (by: Record<string, string>) =>
    Object.entries(by).map(([Name, Value]) => ({ Name, Value }));
  const statistics = async (asked: Partial<cw.GetMetricStatisticsCommandInput>) => {
    const input = { ...lambdas, MetricName: 'Errors', ...asked };
    return (await of.send(new cw.GetMetricStatisticsCommand(input))).Datapoints ?? [];
  };
  const total = async (MetricName: string, by: Record<string, string> = {}) => {
    const points = await statistics({
      MetricName,
      Dimensions: dimensions(by),
      Statistics: ['Sum', 'SampleCount'],
    });
    return points.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  const data = async (MetricName: string, by: Record<string, string>) => {
    const Metric = { Namespace: 'AWS/Lambda', MetricName, Dimensions: dimensions(by) };
    const query = { Id: 'a', MetricStat: { Metric, Period: 3600, Stat: 'Sum' } };
    const found = await all(
      cw.paginateGetMetricData({ client: of }, { ...window, MetricDataQueries: [query] }),
      (page) => page.MetricDataResults,
    );
    return found.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
  };
  const by = { FunctionName: name };
  const live = { ...by, Resource: `${name}:live` };
  const percentiles = await statistics({
    MetricName: 'Duration',
    Dimensions: dimensions(by),
    ExtendedStatistics: ['p50', 'p99.9'],
  });
  const listed = await all(
    cw.paginateListMetrics(
      { client: of },
      { MetricName: 'Invocations', Dimensions: [{ Name: 'FunctionName', Value: name }] },
    ),
    (page) => page.Metrics,
  );
  const unknown = await refused(of.send(new cw.DescribeAlarmsCommand({})));
  return {
    sums: [
      await total('Invocations', by),
      await total('Invocations', { ...by, Resource: name }),
      await total('Invocations', live),
      await total('Invocations', { ...live, ExecutedVersion: '1' }),
      await total('Invocations', { ...live, ExecutedVersion: '2' }),
      await total('Errors', by),
      await total('Throttles', by),
    ],
    data: [
      await data('Invocations', by),
      await data('Errors', by),
      await data('Invocations', { FunctionName: 'nobody' }),
    ],
    account:
      (await total('Invocations')) >= (await total('Invocations', by)) &&
      (await total('UnreservedConcurrentExecutions')) > 0,
    percentiles: percentiles.map(({ ExtendedStatistics = {} }) =>
      Object.keys(ExtendedStatistics).sort(),
    ),
    listed: listed
      .map(({ Dimensions = [] }) => Dimensions.map((d) => `${d.Name}=${d.Value}`).join(','))
      .sort(),
    refused: [
      await refused(statistics({ Period: 1, Statistics: ['Sum'] })),
      await refused(statistics({})),
    ],
    unknown: JSON.stringify(unknown).includes('UnknownOperation'),
  };
}
