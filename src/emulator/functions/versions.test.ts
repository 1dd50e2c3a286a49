import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { LambdaRefusal } from '../lambda-refusal.ts';
import { type Bench, openBench } from './testing/open-bench.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';

let bench: Bench;
afterEach(() => bench.close());

const folders = createSupervisor();
let code: string;
beforeAll(() => {
  code = join(folders.ownFolder('bench-code'), 'code');
  mkdirSync(join(code, 'lib'), { recursive: true });
  writeFileSync(join(code, 'index.mjs'), 'export const handler = () => null;');
  writeFileSync(join(code, 'lib/a.txt'), 'text');
});
afterAll(() => folders.close());

async function call(qualifier: string | null, event: unknown = { action: 'environment' }) {
  const result = await bench.call(qualifier === null ? 'f' : `f:${qualifier}`, event);
  if (result.kind !== 'answer') throw new Error(JSON.stringify(result));
  return JSON.parse(result.payload.toString());
}

/** A record is made when its environment is ready for the next invocation. */
async function recorded(count: number) {
  await vi.waitFor(() => expect(bench.records).toHaveLength(count), { timeout: 10_000 });
  return bench.records;
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof LambdaRefusal) return error.code;
    throw error;
  }
  return 'none';
}

test('a version keeps its configuration, environments and log streams apart', async () => {
  bench = await openBench();
  await bench.create('f', { environment: { WHICH: 'one' } });
  const published = await bench.host.publishVersion('f', { description: 'the first' });
  expect(published).toMatchObject({ version: '1', arn: `${ARN}:1`, description: 'the first' });
  const first = await call('1');
  expect(first).toMatchObject({ WHICH: 'one', AWS_LAMBDA_FUNCTION_VERSION: '1' });
  expect(first.AWS_LAMBDA_LOG_STREAM_NAME).toMatch(/^\d{4}\/\d\d\/\d\d\/\[1\][0-9a-f]{32}$/);
  await call(null);
  await bench.host.update('f', { environment: { WHICH: 'two' } });
  expect(await call('$LATEST')).toMatchObject({ WHICH: 'two' });
  // The update left the environment of version 1 alone.
  expect((await call('1')).AWS_LAMBDA_LOG_STREAM_NAME).toBe(first.AWS_LAMBDA_LOG_STREAM_NAME);
  expect((await bench.host.facts()).environmentsStarted).toBe(3);
  const records = await recorded(4);
  expect(records.map(({ version, qualifier }) => [version, qualifier])).toEqual([
    ['1', '1'],
    ['$LATEST', null],
    ['$LATEST', '$LATEST'],
    ['1', '1'],
  ]);
  await bench.host.endEnvironments('f');
  expect((await bench.host.facts()).environmentsLost).toBe(0);
});

test('the runtime is told the ARN as it was asked for', async () => {
  bench = await openBench();
  await bench.create('f');
  await bench.host.publishVersion('f');
  bench.host.createAlias('f', {
    name: 'live',
    functionVersion: '1',
    description: '',
    routing: null,
  });
  const arns = [];
  for (const qualifier of ['live', '1', '$LATEST', null]) {
    const context = await call(qualifier, { action: 'context' });
    arns.push([context.invokedFunctionArn, context.functionVersion]);
  }
  expect(arns).toEqual([
    [`${ARN}:live`, '1'],
    [`${ARN}:1`, '1'],
    [`${ARN}:$LATEST`, '$LATEST'],
    [ARN, '$LATEST'],
  ]);
  const unknown = await bench.call('f:nobody', {});
  expect(unknown).toMatchObject({ kind: 'refused', message: 'there is no function f:nobody' });
});

test('what did not change is not published again; what the caller expects is checked', async () => {
  bench = await openBench();
  const { host } = bench;
  await bench.create('f');
  const one = await host.publishVersion('f');
  expect((await host.publishVersion('f', { description: 'again' })).version).toBe('1');
  // The same once more is no change.
  await host.update('f', { memoryMb: 512 });
  expect(await host.publishVersion('f')).toEqual(one);
  const { revisionId } = await host.update('f', { memoryMb: 1024 });
  const old = host.publishVersion('f', { revisionId: one.revisionId });
  await expect(old).rejects.toMatchObject({ code: 'PreconditionFailedException' });
  const other = host.publishVersion('f', { codeSha256: 'another' });
  await expect(other).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  const two = await host.publishVersion('f', { revisionId, codeSha256: one.codeSha256 });
  expect(two).toMatchObject({ version: '2', memoryMb: 1024 });
  expect(host.configuration('f', '1')).toEqual(one);
  expect(host.versions('f').map(({ version }) => version)).toEqual(['$LATEST', '1', '2']);
  expect(host.account()).toMatchObject({ functionCount: 1, codeBytes: 3 * one.codeBytes });
});

test('the digest of code is of its content', async () => {
  bench = await openBench();
  const spec = { codeFolder: code, handler: { file: 'index.mjs', exportName: 'handler' } };
  await bench.create('a', spec);
  await bench.create('b', spec);
  writeFileSync(join(code, 'lib/a.txt'), 'test');
  await bench.create('c', spec);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => bench.host.configuration(name));
  expect(a?.codeSha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(a?.codeBytes).toBe('export const handler = () => null;'.length + 4);
  expect(b?.codeSha256).toBe(a?.codeSha256);
  expect(c?.codeSha256).not.toBe(a?.codeSha256);
  expect(c?.codeBytes).toBe(a?.codeBytes);
});

test('an alias moves, and sends a share of its invocations to a second version', async () => {
  const draws = [0.29, 0.3, 0.9, 0];
  bench = await openBench({ random: () => draws.shift() ?? 1 });
  const { host } = bench;
  await bench.create('f');
  for (const memoryMb of [512, 1024, 2048]) {
    await host.update('f', { memoryMb });
    await host.publishVersion('f');
  }
  const alias = host.createAlias('f', {
    name: 'live',
    functionVersion: '1',
    description: 'what users get',
    routing: { version: '2', share: 0.3 },
  });
  expect(alias).toMatchObject({ arn: `${ARN}:live`, functionVersion: '1' });
  expect(host.configuration('f', 'live')?.version).toBe('1');
  for (let i = 0; i < 4; i += 1) await call('live');
  const versions = (await recorded(4)).map(({ version }) => version);
  expect(versions.sort()).toEqual(['1', '1', '2', '2']);
  expect(draws).toEqual([]);
  const { revisionId } = host.updateAlias('f', 'live', { functionVersion: '3', routing: null });
  expect((await call('live')).AWS_LAMBDA_FUNCTION_VERSION).toBe('3');
  expect(revisionId).not.toBe(alias.revisionId);
  expect(host.aliases('f')).toEqual([
    { ...alias, functionVersion: '3', routing: null, revisionId },
  ]);
  host.deleteAlias('f', 'live');
  host.deleteAlias('f', 'live');
  expect(host.configuration('f', 'live')).toBeUndefined();
});

test('what is no alias is refused as Lambda does', async () => {
  bench = await openBench();
  const { host } = bench;
  await bench.create('f');
  await host.publishVersion('f');
  const settings = { functionVersion: '1', description: '', routing: null };
  const { revisionId } = host.createAlias('f', { name: 'live', ...settings });
  const create = (name: string, change: object = {}) =>
    codeOf(() => host.createAlias('f', { name, ...settings, ...change }));
  const update = (change: object, name = 'live') =>
    codeOf(() => host.updateAlias('f', name, change));
  expect(create('live')).toBe('ResourceConflictException');
  expect(create('12')).toBe('InvalidParameterValueException');
  expect(create('a b')).toBe('InvalidParameterValueException');
  expect(create('next', { functionVersion: '7' })).toBe('ResourceNotFoundException');
  const invalid = [
    { routing: { version: '1', share: 0.5 } },
    { functionVersion: '$LATEST', routing: { version: '1', share: 0.5 } },
    { routing: { version: '$LATEST', share: 0.5 } },
    { routing: { version: '2', share: 1.5 } },
  ];
  for (const change of invalid) expect(update(change)).toBe('InvalidParameterValueException');
  expect(update({ routing: { version: '2', share: 0.5 } })).toBe('ResourceNotFoundException');
  expect(update({}, 'nobody')).toBe('ResourceNotFoundException');
  expect(update({ revisionId: 'old' })).toBe('PreconditionFailedException');
  expect(host.aliases('f')).toMatchObject([{ name: 'live', revisionId }]);
  expect(update({ revisionId })).toBe('none');
});
