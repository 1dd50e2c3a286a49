import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

/**
 * The Runtime API is right when AWS's own runtime clients run on it. Go's is built here from
 * fixtures/handlers/go-echo, in caches of its own; the first build takes about a minute.
 */
const hasGo = spawnSync('go', ['version']).status === 0;

const title = 'the official runtime client of Go';

describe.skipIf(!hasGo)(hasGo ? title : `${title}: NOT TRIED, go is not installed`, () => {
  let folder = '';
  let bench: Bench;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bench-go-'));
    cpSync(join(packageRoot(), 'fixtures/handlers/go-echo'), join(folder, 'source'), {
      recursive: true,
    });
    const build = spawnSync('go', ['build', '-o', join(folder, 'code/bootstrap'), '.'], {
      cwd: join(folder, 'source'),
      encoding: 'utf8',
      env: {
        ...process.env,
        GOPATH: join(folder, 'path'),
        GOCACHE: join(folder, 'cache'),
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
        CGO_ENABLED: '0',
      },
    });
    expect(build.stderr + (build.error?.message ?? '')).not.toMatch(/error|cannot|failed/i);
    expect(build.status).toBe(0);
    bench = await openBench();
    await bench.create('go', {
      runtime: 'provided.al2023',
      codeFolder: join(folder, 'code'),
      handler: { file: 'bootstrap', exportName: '' },
    });
  }, 300_000);

  afterAll(async () => {
    await bench?.close();
    rmSync(folder, { recursive: true, force: true });
  });

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
});
