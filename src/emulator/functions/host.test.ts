import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { detectCgroups } from '../cgroups/index.ts';
import { type Bench, errorOf, openBench } from './testing/open-bench.ts';

let bench: Bench;
afterEach(() => bench.close());

interface ProcessFacts {
  pid: number;
  uid: number;
  cwd: string;
  calls: number;
  heapLimitMb: number;
  cgroup: string;
  execArgv: string[];
}

function stateOf(pid: number): string | undefined {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !done(); i += 1) await new Promise((r) => setTimeout(r, 10));
  expect(done()).toBe(true);
}

test('the first request of an environment has an init, the next ones reuse it', async () => {
  bench = await openBench();
  await bench.create('f');
  expect(await bench.answer('f', { action: 'echo', n: 1 })).toEqual({ action: 'echo', n: 1 });
  expect((await bench.answer<ProcessFacts>('f', { action: 'process' })).calls).toBe(2);
  await until(() => bench.records.length === 2);
  const [first, second] = bench.records;
  expect(first?.environment).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  expect(second?.environment).toBe(first?.environment);
  expect(second?.init).toBeNull();
  const init = first?.init;
  if (!first || !init) throw new Error('no init');
  expect(first.receivedUs).toBeLessThanOrEqual(init.startedUs);
  expect(init.startedUs).toBeLessThan(init.endedUs);
  expect(init.endedUs).toBeLessThanOrEqual(first.invokedUs);
  expect(first.invokedUs).toBeLessThan(first.respondedUs);
  expect(first.respondedUs).toBeLessThanOrEqual(first.readyUs);
  expect(first.billedUs % 1000).toBe(0);
  expect(first.billedUs).toBeGreaterThanOrEqual(first.durationUs + init.endedUs - init.startedUs);
  expect(first.maxMemoryMb).toBeGreaterThan(10);
});

test('concurrent requests have environments of their own; idle ones are frozen', async () => {
  bench = await openBench();
  await bench.create('f');
  const found = await Promise.all(
    [1, 2, 3].map(() => bench.answer<ProcessFacts>('f', { action: 'process' })),
  );
  const pids = new Set(found.map(({ pid }) => pid));
  expect(pids.size).toBe(3);
  for (const pid of pids) await until(() => stateOf(pid) === 'T');
  const again = await bench.answer<ProcessFacts>('f', { action: 'process' });
  expect(pids.has(again.pid)).toBe(true);
  await until(() => stateOf(again.pid) === 'T');
  expect((await bench.host.facts()).environmentsPeak).toBe(3);
});

test('the most recently used environment serves next, or the least recently where set', async () => {
  for (const idleOrder of ['most-recent', 'least-recent'] as const) {
    bench = await openBench({ idleOrder });
    await bench.create('f');
    await Promise.all([
      bench.answer('f', { action: 'echo' }),
      bench.answer('f', { action: 'echo' }),
    ]);
    const pids = new Set<number>();
    for (let i = 0; i < 4; i += 1) {
      pids.add((await bench.answer<ProcessFacts>('f', { action: 'process' })).pid);
    }
    expect(pids.size).toBe(idleOrder === 'most-recent' ? 1 : 2);
    if (idleOrder === 'most-recent') await bench.close();
  }
});

test('the groups are joined before exec: V8 sizes its heap for the function', async () => {
  bench = await openBench();
  const support = detectCgroups();
  const { cpuMode } = await bench.host.facts();
  expect(cpuMode).toBe(support.quotas ? 'quota' : 'none');
  await bench.create('f', { memoryMb: 256 });
  const facts = await bench.answer<ProcessFacts>('f', { action: 'process' });
  expect(facts.execArgv).toEqual(['--max-semi-space-size=12', '--max-old-space-size=230']);
  expect(facts.heapLimitMb).toBeLessThan(300);
  if (support.quotas) expect(facts.cgroup).toMatch(/\/bench-[^/]+\/environment-/);
  if (support.version === 1 && support.quotas) {
    for (const controller of ['cpu', 'cpuacct', 'memory']) {
      expect(facts.cgroup).toMatch(new RegExp(`${controller}.*/bench-[^/]+/environment-`));
    }
  }
});

test('the variables are built from nothing', async () => {
  process.env.BENCH_TEST_SECRET = 'leaked';
  bench = await openBench();
  await bench.create('f', { environment: { TABLE: 'tweets', AWS_PROFILE: 'mine' } });
  const variables = await bench.answer<Record<string, string>>('f', { action: 'environment' });
  delete process.env.BENCH_TEST_SECRET;
  expect(JSON.stringify(variables)).not.toContain('leaked');
  const ours = Object.keys(variables).filter((name) => !/^_?AWS_|^_?LAMBDA_/.test(name));
  // The shell that joins the groups sets PWD.
  const expected = [
    'HOME',
    'LANG',
    'PATH',
    'PWD',
    'TABLE',
    'TMPDIR',
    'TZ',
    '_HANDLER',
    '_X_AMZN_TRACE_ID',
  ];
  expect(ours.sort()).toEqual(expected);
  expect(variables).toMatchObject({
    TABLE: 'tweets',
    _HANDLER: 'probe.handler',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
  });
  await until(() => bench.records.length === 1);
  const [record] = bench.records;
  expect(variables._X_AMZN_TRACE_ID).toBe(
    `Root=${record?.trace.root};Parent=${record?.invocationSpanId};Sampled=1`,
  );
  expect(variables.AWS_LAMBDA_LOG_STREAM_NAME).toBe(record?.environment);
});

test('root does not run handlers as root', async () => {
  bench = await openBench();
  await bench.create('f');
  const { uid, cwd } = await bench.answer<ProcessFacts>('f', { action: 'process' });
  expect(uid).not.toBe(0);
  expect(cwd).toMatch(/\/function-f$/);
});

test('the context says what Lambda says', async () => {
  bench = await openBench();
  await bench.create('f');
  const result = await bench.call('f', { action: 'context' }, 'the-request-id');
  if (result.kind !== 'answer') throw new Error(result.kind);
  const context = JSON.parse(result.payload.toString());
  expect(context).toMatchObject({
    functionName: 'f',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    memoryLimitInMB: '512',
    awsRequestId: 'the-request-id',
    logGroupName: '/aws/lambda/f',
  });
  expect(context.remainingMs).toBeGreaterThan(4000);
  expect(context.remainingMs).toBeLessThanOrEqual(5000);
});

test('log lines carry time, request id and level; a break within a line stays in its event', async () => {
  bench = await openBench();
  await bench.create('f');
  await bench.call('f', { action: 'log' }, 'r1');
  await until(() => bench.logs.some(({ message }) => message.includes('two')));
  const lines = bench.logs.map(({ message }) => message);
  expect(lines[0]).toMatch(/^INIT_START/);
  expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\tr1\tINFO\thello world\n$/);
  expect(lines[2]).toMatch(/\tr1\tERROR\ttwo\nlines\n$/);
  expect(bench.host.logTail('r1')).toBe(`${lines[1]}${lines[2]}`);
});

test('update ends the environments of the old configuration', async () => {
  bench = await openBench();
  await bench.create('f');
  const before = await bench.answer<ProcessFacts>('f', { action: 'process' });
  const { revisionId } = bench.host.configuration('f') ?? {};
  const changed = await bench.host.update('f', { memoryMb: 1024 });
  expect(changed.revisionId).not.toBe(revisionId);
  const after = await bench.answer<ProcessFacts>('f', { action: 'process' });
  expect(after.pid).not.toBe(before.pid);
  expect(after.execArgv).toContain('--max-old-space-size=921');
  await until(() => stateOf(before.pid) === undefined);
});

test('endEnvironments leaves none, and none counts as lost', async () => {
  bench = await openBench();
  await bench.create('f');
  const { pid } = await bench.answer<ProcessFacts>('f', { action: 'process' });
  await bench.host.endEnvironments('f');
  expect(stateOf(pid)).toBeUndefined();
  const facts = await bench.host.facts();
  expect(facts).toMatchObject({ environmentsStarted: 1, environmentsLost: 0 });
  expect(facts.environmentCpuUs).toBeGreaterThan(10_000);
  bench.host.resetFacts();
  expect(await bench.host.facts()).toMatchObject({ environmentsStarted: 0, environmentCpuUs: 0 });
});

test('close leaves no process, folder or group', async () => {
  bench = await openBench();
  await bench.create('f');
  const { pid, cwd, cgroup } = await bench.answer<ProcessFacts>('f', { action: 'process' });
  const running = bench.call('f', { action: 'hang' });
  await bench.close();
  expect(stateOf(pid)).toBeUndefined();
  expect(existsSync(cwd)).toBe(false);
  expect(errorOf(await running).errorType).toBe('Runtime.ExitError');
  // Without quotas there is none.
  const name = /bench-\d+-[0-9a-f]+/.exec(cgroup)?.[0];
  expect(name === undefined).toBe(!detectCgroups().quotas);
  for (const controller of name === undefined ? [] : ['cpu', 'cpuacct', 'memory']) {
    const mounts = readFileSync('/proc/mounts', 'utf8');
    const folder = new RegExp(`cgroup (\\S*/${controller}) cgroup`).exec(mounts)?.[1];
    if (folder !== undefined) expect(existsSync(`${folder}/${name}`)).toBe(false);
  }
  expect(await bench.call('f', {})).toMatchObject({ kind: 'refused', reason: 'closed' });
});
