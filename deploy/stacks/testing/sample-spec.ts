import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendName, DeploymentSpec, FrontName, FunctionSpec, StackSpec } from '../spec.ts';

export const MEMORIES = [512, 1024, 1769, 2048, 3008];
export const ALL_FRONTS: FrontName[] = ['rest-api', 'http-api', 'function-url', 'invoke'];

export interface SampleOptions {
  backends?: BackendName[];
  memories?: readonly number[];
  fronts?: FrontName[];
  alias?: boolean;
  streams?: boolean;
  runtime?: string;
  /** Before the functions' keys. */
  keyPrefix?: string;
  architecture?: DeploymentSpec['architecture'];
}

const RUN = '20261120-191500-x7f2';

/** A deployment whose functions' code is a handler of one line in `folder`. */
export function sampleSpec(folder: string, options: SampleOptions = {}): DeploymentSpec {
  const { backends = ['dynamo'], architecture = 'arm64' } = options;
  const codeFolder = join(folder, 'code');
  mkdirSync(codeFolder, { recursive: true });
  writeFileSync(join(codeFolder, 'index.cjs'), 'exports.handler = async () => ({})');
  return {
    version: 1,
    run: RUN,
    account: '123456789012',
    region: 'us-east-1',
    createdAt: '2026-11-20T19:15:00.000Z',
    expiresAt: '2026-11-20T23:15:00.000Z',
    kept: true,
    assetBucket: `bench-${RUN}-123456789012-us-east-1`,
    architecture,
    logRetentionDays: 1,
    throttle: { ratePerS: 500, burst: 250 },
    stacks: backends.map((backend) => stackSpec(backend, codeFolder, options)),
  };
}

function stackSpec(backend: BackendName, codeFolder: string, options: SampleOptions): StackSpec {
  const {
    memories = [1024],
    fronts = ALL_FRONTS,
    alias = false,
    streams = false,
    runtime = 'nodejs24.x',
    keyPrefix = '',
  } = options;
  const dataset = { name: 'x1', indexed: backend === 'postgres' };
  return {
    backend,
    name: `bench-${RUN}-${backend}`,
    datasets: [dataset],
    functions: memories.map(
      (memoryMb, index): FunctionSpec => ({
        key: `${keyPrefix}${backend}-${memoryMb}-apollo-x1`,
        name: `bench-${RUN}-${index}-${backend}-${memoryMb}`,
        codeFolder,
        handler: 'index.handler',
        runtime,
        codeSha256: 'ab'.repeat(32),
        memoryMb,
        timeoutS: 10,
        dataset,
        environment: {},
        fronts,
        alias,
        streams,
      }),
    ),
    seeder:
      backend === 'postgres'
        ? { name: `bench-${RUN}-seeder`, codeFolder, handler: 'index.handler' }
        : null,
  };
}
