import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPythonHandlers, pythonClient } from '../../../test/python-client.ts';
import { packageRoot } from '../../base/package-root.ts';
import { buildGo, hasGo } from '../testing/build-go.ts';
import { checkFault, createFunctions, type Handlers } from './testing/check-fault.ts';
import { FAULTS, type Fault, faultsOf, type Language, SLOW_INITS } from './testing/faults.ts';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

/** The Runtime API is right when AWS's own runtime clients run on it, whole and when they fail. */
const python = pythonClient();
let folder = '';
const handlers = new Map<Language, Handlers>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-clients-'));
  const executable = (codeFolder: string): Handlers['spec'] => ({
    runtime: 'provided.al2023',
    codeFolder,
    handler: { file: 'bootstrap', exportName: '' },
  });
  handlers.set('nodejs', {
    language: 'nodejs',
    spec: {
      runtime: 'nodejs24.x',
      codeFolder: join(packageRoot(), 'fixtures/handlers/life-cycle/nodejs'),
      handler: { file: 'index.mjs', exportName: 'handler' },
    },
    environment: {},
  });
  if (hasGo) {
    buildGo('go-echo', join(folder, 'go/bootstrap'));
    const spec = executable(join(folder, 'go'));
    handlers.set('go', { language: 'go', spec, environment: {} });
  }
  if (python !== null) {
    const code = join(folder, 'python');
    mkdirSync(code);
    copyPythonHandlers(code, python);
    const environment = { PYTHON: python.interpreter };
    handlers.set('python', { language: 'python', spec: executable(code), environment });
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LANGUAGES: [Language, boolean][] = [
  ['nodejs', true],
  ['go', hasGo],
  ['python', python !== null],
];

/** The faults that are not as they must be, each with what is wrong; all run in one environment. */
async function wrongIn(
  language: Language,
  faults: readonly Fault[],
  initTimeoutMs: number,
): Promise<string[]> {
  const bench = await openBench({ initTimeoutMs });
  try {
    const limited = (await bench.host.facts()).cpuMode === 'quota';
    const own = faultsOf(language, faults, limited);
    await createFunctions(bench, handlers.get(language) as Handlers, own);
    const wrong: string[] = [];
    for (const fault of own) {
      for (const what of await checkFault(bench, language, fault)) {
        wrong.push(`${fault.name}: ${what}`);
      }
    }
    return wrong;
  } finally {
    await bench.close();
  }
}

for (const [language, there] of LANGUAGES) {
  const name = `every fault of the life cycle: ${language}`;
  const options = { concurrent: true };
  test.skipIf(!there)(there ? name : `${name}: NOT TRIED, not installed`, options, async () => {
    const wrong = await Promise.all([
      wrongIn(language, FAULTS, 10_000),
      wrongIn(language, SLOW_INITS, 300),
    ]);
    expect(wrong.flat()).toEqual([]);
  });
}

const title = 'the official runtime client of Go';

describe.skipIf(!hasGo)(hasGo ? title : `${title}: NOT TRIED, go is not installed`, () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
    await bench.create('go', (handlers.get('go') as Handlers).spec);
  });

  afterAll(() => bench?.close());

  test('serves invocations with id, trace and function', async () => {
    for (let i = 0; i < 3; i += 1) {
      const result = await bench.call('go', { n: i }, `request-${i}`);
      if (result.kind !== 'answer') throw new Error(JSON.stringify(result));
      expect(JSON.parse(result.payload.toString())).toEqual({
        event: { n: i },
        requestId: `request-${i}`,
        trace: `Root=${result.record.trace.root};Parent=${result.record.invocationSpanId};Sampled=1`,
        function: 'arn:aws:lambda:eu-west-1:123456789012:function:go',
      });
      // It asks for the next one on its own, a little later: its record is written then.
      while (bench.records.length <= i) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 1 });
    // A client that asks for `next` on its own: the environment is ready after it has answered.
    expect(bench.records[0]?.readyUs).toBeGreaterThan(bench.records[0]?.respondedUs ?? 0);
  });

  test('sends large answers, which its HTTP client splits', async () => {
    const text = 'x'.repeat(3_000_000);
    const { event } = await bench.answer<{ event: string }>('go', text);
    expect(event).toBe(text);
  });

  test('reports errors of the handler', async () => {
    expect(errorOf(await bench.call('go', 'fail'))).toMatchObject({
      errorType: 'errorString',
      errorMessage: 'as asked',
    });
  });

  test('streams what its handler returns as a reader', async () => {
    const to = new PassThrough();
    const event = { action: 'http-stream', parts: ['one ', 'two'] };
    let contentType = '';
    const result = bench.call('go', event, 'streamed', (type) => {
      contentType = type;
      return to;
    });
    expect(await text(to)).toBe(`{"statusCode":201,"headers":{"a":"b"}}${'\0'.repeat(8)}one two`);
    expect(await result).toMatchObject({ kind: 'answer', streamed: true });
    expect(contentType).toBe('application/vnd.awslambda.http-integration-response');
  });

  test('breaks its stream off with an error', async () => {
    const to = new PassThrough();
    const event = { action: 'stream', parts: ['one', '!'] };
    const result = await bench.call('go', event, 'broken', () => to);
    expect(result).toMatchObject({ kind: 'function_error', errorType: 'AsAsked', streamed: true });
    expect(String(to.read())).toBe('one');
    expect(to.destroyed).toBe(true);
  });
});
