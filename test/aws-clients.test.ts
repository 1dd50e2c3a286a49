import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/base/package-root.ts';
import { createSupervisor, type Supervisor } from '../src/base/processes/supervisor.ts';
import { type Emulator, startEmulator } from '../src/emulator/emulator.ts';
import { parseReport } from '../src/store/telemetry/report-line.ts';
import { ask, type Place } from './aws-clients/ask.ts';
import { pythonTool } from './python.ts';

/**
 * The official clients of two languages read every protocol of the emulator: both ask the same things
 * of the same emulator, and must be told the same.
 */
let supervisor: Supervisor;
let emulator: Emulator;
const nowS = Math.floor(Date.now() / 1000);
const hex = nowS.toString(16);
const [well, failed] = ['a', 'b'].map((digit) => `1-${hex}-${digit.repeat(24)}`) as [
  string,
  string,
];
const ownTraceOf = (name: string): string =>
  `1-${hex}-${Buffer.from(name.padEnd(12, '.')).toString('hex')}`;

beforeAll(async () => {
  supervisor = createSupervisor();
  emulator = await startEmulator({ supervisor });
  for (const name of ['javascript', 'python', 'json', 'web', 'stream']) {
    await emulator.functions.create({
      name,
      runtime: 'nodejs24.x',
      codeFolder: join(packageRoot(), 'fixtures/handlers/clients'),
      handler: { file: 'index.cjs', exportName: name === 'stream' ? 'streams' : 'handler' },
      memoryMb: 512,
      timeoutS: 10,
      environment: {},
      ...(name === 'json' ? { logFormat: 'JSON' } : {}),
    });
  }
  const api = await emulator.addFront('rest-api', 'web');
  await emulator.addFront('function-url', 'web');
  for (const [root, query] of [
    [well, ''],
    [failed, '?fail=1'],
  ]) {
    const headers = { 'x-amzn-trace-id': `Root=${root};Sampled=1` };
    await (await fetch(`${api.url}${query}`, { headers })).text();
  }
  const { region, awsEndpoint: endpoint, credentials } = emulator;
  const lambda = new LambdaClient({ region, endpoint, credentials });
  await lambda.send(new InvokeCommand({ FunctionName: 'json' }));
  await emulator.functions.endEnvironments('json');
  await emulator.settle();
});
afterAll(async () => {
  await emulator?.close();
  await supervisor?.close();
});

/** X-Ray's filter expressions, and which of the three traces a script may see match. */
const EXPRESSIONS: Readonly<Record<string, (own: string) => string[]>> = {
  'service("web")': () => [well, failed],
  'service(id(name: "web", type: "AWS::Lambda::Function")) { fault }': () => [failed],
  'service("web") AND !fault': () => [well],
  'http.status = 502 OR responsetime > 100': () => [failed],
  'ok duration < 100': () => [well],
  '(fault = true) AND http.method = "GET"': () => [failed],
  'NOT (ok OR error)': () => [failed],
  'http.url CONTAINS "/graphql" AND http.url BEGINSWITH "https://"': () => [well, failed],
  'edge("web-api/bench", "web") { ok }': () => [well, failed],
  'edge("web", "web-api/bench")': () => [],
  'annotation.tier = "gold" AND annotation[shard] >= 3': (own) => [own],
  'annotation.shard = 3 AND error AND !throttle AND !partial': (own) => [own],
  'annotation[tier] = "silver"': () => [],
};

const WHOLE = ['AWS::ApiGateway::Stage', 'AWS::Lambda', 'AWS::Lambda::Function'];

const LANGUAGES: [string, (place: Place) => Promise<Record<string, unknown>>][] = [
  ['javascript', ask],
  ['python', askInPython],
];

describe.each(LANGUAGES)('asked by the SDK for %s', (name, asked) => {
  let told: Record<string, Record<string, unknown>>;
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function';
  const own = ownTraceOf(name);

  beforeAll(async () => {
    if (name === 'python' && pythonTool('python') === null) return;
    told = (await asked({
      endpoint: emulator.awsEndpoint,
      region: emulator.region,
      ...emulator.credentials,
      name,
      roots: [well, failed],
      ownTrace: own,
      expressions: Object.keys(EXPRESSIONS),
      nowS,
      startS: nowS - 3600,
      endS: nowS + 600,
    })) as typeof told;
  });

  const asking = test.skipIf(name === 'python' && pythonTool('python') === null);

  asking('Lambda: functions, versions, aliases, concurrency', () => {
    expect(told.lambda).toMatchObject({
      before: ['$LATEST', 512, 'Active', true],
      updated: ['d', 'JSON'],
      // Nothing had changed when it was published again.
      published: ['1', '1', '2'],
      versions: [
        ['$LATEST', 1024, 'd', '$LATEST'],
        ['1', 512, 'd', '1'],
        ['2', 1024, 'second', '2'],
      ],
      whole: `${arn}:${name}:live`,
      alias: [`${arn}:${name}:live`, { AdditionalVersionWeights: { 1: 0.25 } }, null],
      aliases: ['live'],
      listed: ['$LATEST', '1', '2'],
      reserved: 0,
      provisioned: [202, 1, ['1'], 204],
      account: [1000, 1000],
      url: 'BUFFERED',
      gone: 204,
    });
  });

  asking('Lambda: invocations, streamed ones too', () => {
    expect(told.lambda).toMatchObject({
      invoked: [{ a: 1 }, '$LATEST', 'START', '2', '1', '1'],
      failed: [200, 'Unhandled', 'TypeError'],
      accepted: [202, 204],
      streamed: [
        ['one two', null, 'START'],
        ['one two', 'Unhandled', 'START'],
      ],
      throttled: ['TooManyRequests', 429, 'Rate Exceeded.'],
    });
  });

  asking('Lambda: what is refused, and in which words', () => {
    expect(told.lambda?.refused).toEqual([
      ['ResourceNotFound', 404, `Function not found: ${arn}:${name}:nobody`],
      [
        'RequestTooLarge',
        413,
        expect.stringMatching(/too large for the RequestResponse .*6291456/),
      ],
      ['ResourceNotFound', 404, `Function not found: ${arn}:nobody`],
      ['ResourceConflict', 409, `Alias already exists: ${arn}:${name}:live`],
      ['ResourceNotFound', 404, `Function not found: ${arn}:${name}:9`],
      ['PreconditionFailed', 412, expect.stringMatching(/^The Revision Id provided does not/)],
      ['ResourceNotFound', 404, `Cannot find alias arn: ${arn}:${name}:nobody`],
      ['InvalidParameterValue', 400, expect.stringMatching(/^CodeSHA256 \(other\) is different/)],
      ['ProvisionedConcurrencyConfigNotFound', 404, expect.stringMatching(/^No Provisioned/)],
      ['InvalidParameterValue', 400, expect.stringMatching(/unpublished function versions\.$/)],
      ['UnknownOperation', 404, 'The requested operation is not known.'],
    ]);
  });

  asking('X-Ray: traces, summaries by filter expressions, documents sent', () => {
    const { found, ...rest } = told.xray ?? {};
    expect(rest).toEqual({
      unprocessed: ['MissingId', 'InvalidTraceId', 'ParseError'],
      summary: [0.5, true, 404, name],
      origins: [WHOLE, WHOLE],
      destination: 'XRay',
      refused: [
        ['InvalidRequest', 400, 'Invalid filter expression: unexpected end at position 10.'],
        ['InvalidRequest', 400, 'TraceIds must be at most 5 trace ids'],
        ['UnknownOperation', 404, 'The requested operation is not known.'],
      ],
    });
    const known = [well, failed, own];
    for (const [expression, ids] of Object.entries(found as Record<string, string[]>)) {
      const seen = ids.filter((id) => known.includes(id));
      expect([expression, seen]).toEqual([expression, EXPRESSIONS[expression]?.(own)]);
    }
  });

  asking('Logs: groups, streams, and events on and on, of a function with JSON logs', () => {
    const { groups, streams, forward, backward, filtered, refused } = told.logs ?? {};
    expect(groups).toEqual(expect.arrayContaining(['/aws/lambda/json', '/aws/lambda/web']));
    expect(streams).toBe(1);
    const events = (forward as string[]).map((message) => JSON.parse(message));
    // What the function writes is read from its pipe, on a busy host after its last line.
    expect(events.filter(({ message }) => message === 'said')).toHaveLength(1);
    const platform = events.filter(({ type }) => type !== undefined);
    expect(platform.map(({ type }) => type)).toEqual([
      'platform.initStart',
      'platform.start',
      'platform.runtimeDone',
      'platform.report',
    ]);
    expect(filtered).toEqual(forward);
    expect(backward).toEqual((forward as string[]).slice(-4));
    const report = parseReport(JSON.stringify(platform.at(-1)));
    expect(report).toMatchObject({ status: 'success', memoryMb: 512 });
    expect(report).toHaveProperty('requestId', platform[1].record.requestId);
    expect(refused).toEqual([
      ['ResourceNotFound', 400, 'The specified log group does not exist.'],
      ['ResourceNotFound', 400, 'The specified log stream does not exist.'],
      ['InvalidParameter', 400, 'Cannot order by LastEventTime with a logStreamNamePrefix.'],
      ['InvalidParameter', 400, 'The specified nextToken is invalid.'],
    ]);
  });

  asking('CloudWatch: metrics by version and alias, in every protocol', () => {
    const by = `FunctionName=${name}`;
    const protocols = Object.keys(told.cloudwatch ?? {});
    expect(protocols).toHaveLength(name === 'python' ? 3 : 2);
    for (const protocol of protocols) {
      expect(told.cloudwatch?.[protocol]).toEqual({
        // All; unqualified; by the alias, which ran version 1 and never 2; errors; throttles.
        sums: [5, 2, 2, 2, 0, 1, 1],
        data: [5, 1, 0],
        account: true,
        percentiles: [['p50', 'p99.9']],
        listed: [
          by,
          `${by},Resource=${name}`,
          `${by},Resource=${name}:2`,
          `${by},Resource=${name}:live`,
          `${by},Resource=${name}:live,ExecutedVersion=1`,
        ],
        refused: [
          ['InvalidParameterCombination', 400, expect.stringContaining('limit of 1440')],
          ['InvalidParameterCombination', 400, expect.stringMatching(/^At least one of/)],
        ],
        unknown: true,
      });
    }
  });
});

function python(): string {
  const path = pythonTool('python');
  if (path === null) throw new Error('Python is not there');
  return path;
}

async function askInPython(place: Place): Promise<Record<string, unknown>> {
  const script = join(packageRoot(), 'test/aws-clients/ask.py');
  const child = spawn(python(), ['-I', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(place));
  return JSON.parse(await text(child.stdout)) as Record<string, unknown>;
}
