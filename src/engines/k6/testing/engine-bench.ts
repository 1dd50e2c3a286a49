import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../base/cache.ts';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import type { LoadOperation, LoadPlan, LoadProfile } from '../../../model/scenario.ts';
import { findK6, type K6 } from '../find-k6.ts';
import { STUB_DATA } from './graphql-stub.ts';

/** The k6 of this machine, got if need be: give the hook that calls it time for a build. */
export function k6ForTests(supervisor: Supervisor): Promise<K6> {
  return findK6({
    supervisor,
    env: process.env,
    cacheFolder: cacheFolder(process.env),
    progress: () => {},
    signal: AbortSignal.timeout(600_000),
  });
}

export const BUILD_TIMEOUT_MS = 600_000;

const DIGEST = createHash('sha256').update(JSON.stringify(STUB_DATA)).digest('hex');

/** An operation with a row per id; see ANSWERS of the stub. */
export function operation(name: string, ids: string[], options: Partial<LoadOperation> = {}) {
  return {
    name,
    query: `query ${name}($id: ID!) { user(id: $id) { id name } }`,
    weight: 1,
    rows: ids.map((id) => ({ variables: { id }, digest: DIGEST as string | null })),
    ...options,
  };
}

export function planOf(
  url: string,
  profile: LoadProfile,
  operations: LoadOperation[],
  options: Partial<LoadPlan> = {},
): LoadPlan {
  return {
    version: 1,
    url,
    asEvent: false,
    signing: null,
    traceShare: 1,
    headers: { 'x-api-key': 'secret-value' },
    renewUrl: null,
    profile,
    seed: 42,
    requestTimeoutS: 5,
    maxVus: 50,
    operations,
    ...options,
  };
}

export function rawFolderIn(supervisor: Supervisor): string {
  const folder = join(supervisor.ownFolder('k6-engine-test'), 'raw, a=b');
  mkdirSync(folder);
  return folder;
}
